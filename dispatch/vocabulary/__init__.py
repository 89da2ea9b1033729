"""The parts of the vocabulary that devices and the centre share; `dispatch.wire` is all of it."""
