"""The commands of `xunhuan-edge`, in groups; each loads what it needs when it runs."""
