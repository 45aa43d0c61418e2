//go:build !unix

package kernel

// alive cannot tell on this system.
func alive(int) bool { return true }
