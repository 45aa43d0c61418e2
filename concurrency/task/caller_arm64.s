#include "textflag.h"

// func CallerPC() uintptr
//
// Go code calls this without a wrapper, so R29 is the frame of the function that calls CallerPC. Above what it points to is where
// that function returns to. A test fails should a version of Go do it otherwise.
TEXT ·CallerPC(SB), NOSPLIT|NOFRAME, $0-8
	MOVD 8(R29), R0
	MOVD R0, ret+0(FP)
	RET
