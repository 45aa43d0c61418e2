package compiled

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
)

// The runtime takes the number of a file, of those a package has lines of, for wrong when it is not below the length in bytes of the
// table of file names (runtime.funcline1), and says "?:0" for its lines. A cell that has functions of a large package
// inlined may have numbers of some hundreds, while a plugin that holds only what is its own has two names. So the table is said to be as
// long as all that comes behind it: nothing else looks at its length.

// Where the runtime's description of a module has the length of that table and its capacity, and where the header of the symbol
// table says where the file names and the next table begin.
const (
	fileTableLength = 64
	fileTableCap    = 72
	fileTableBegin  = 48
	fileTableEnd    = 56
)

// widenFiles does so in the plugin's file image. Where this version of Go has something else there it does nothing.
func widenFiles(b []byte) {
	f, err := elf.NewFile(bytes.NewReader(b))
	if err != nil {
		return
	}
	section := func(names ...string) []byte {
		for _, name := range names {
			if s := f.Section(name); s != nil && s.Type == elf.SHT_PROGBITS && s.Offset+s.FileSize <= uint64(len(b)) {
				return b[s.Offset : s.Offset+s.FileSize]
			}
		}
		return nil
	}
	module, table := section(".go.module", ".data.rel.ro.go.module"), section(".gopclntab", ".data.rel.ro.gopclntab")
	if len(module) < fileTableCap+8 || len(table) < fileTableEnd+8 {
		return
	}
	word := binary.LittleEndian.Uint64
	begin, end := word(table[fileTableBegin:]), word(table[fileTableEnd:])
	if n := end - begin; word(module[fileTableLength:]) != n || word(module[fileTableCap:]) != n || end > uint64(len(table)) {
		return
	}
	binary.LittleEndian.PutUint64(module[fileTableLength:], uint64(len(table))-begin)
	binary.LittleEndian.PutUint64(module[fileTableCap:], uint64(len(table))-begin)
}
