// Package install puts gobraid where Jupyter finds it, and takes it away again.
//
// [Install] writes one folder, the kernelspec:
//
//	DATA/kernels/gobraid/kernel.json     how Jupyter starts the kernel
//	DATA/kernels/gobraid/gobraid         the program itself, a copy
//	DATA/kernels/gobraid/logo-….png/svg  the picture in the launcher
//
// DATA is a Jupyter data directory: PREFIX/share/jupyter for a Python environment, the user's own
// otherwise. The program lies in the kernelspec and not on the PATH, so a kernel that was installed
// keeps working when the clone it was built from is moved or deleted, two versions can be installed
// under two names, and removing the folder, with [Uninstall] or with "jupyter kernelspec remove",
// removes everything.
//
// Files are replaced one by one, each in one step, and kernel.json last: a kernel that runs is not disturbed,
// and an installation that fails half-way leaves the old kernelspec or a working one.
package install
