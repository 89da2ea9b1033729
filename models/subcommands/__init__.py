"""The commands of `xunhuan-models`, in groups; each loads what it needs when it runs."""
