"""The crew's page: what the people in the cab see and do, served by the device itself."""
