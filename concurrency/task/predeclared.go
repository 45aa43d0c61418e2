package task

// The predeclared types under names that no cell declares: lowered code mentions them in cells that declare their
// own names anew.
type (
	Ʞbool       = bool
	Ʞint        = int
	Ʞint8       = int8
	Ʞint16      = int16
	Ʞint32      = int32
	Ʞint64      = int64
	Ʞuint       = uint
	Ʞuint8      = uint8
	Ʞuint16     = uint16
	Ʞuint32     = uint32
	Ʞuint64     = uint64
	Ʞuintptr    = uintptr
	Ʞfloat32    = float32
	Ʞfloat64    = float64
	Ʞcomplex64  = complex64
	Ʞcomplex128 = complex128
	Ʞstring     = string
	Ʞbyte       = byte
	Ʞrune       = rune
	Ʞerror      = error
)
