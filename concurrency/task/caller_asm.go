//go:build amd64 || arm64

package task

// CallerPC returns the program counter at which the function that calls CallerPC returns to its own caller: for a
// library that notes at once from where it is called and finds out later which line that is. The calling function must not
// be inlined. It costs 1 ns on amd64, a load on arm64 too, 0.2 µs elsewhere.
func CallerPC() uintptr
