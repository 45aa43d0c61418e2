package thin

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"sync"
	"syscall"
)

// An Image is an ELF file that is loaded in the process: its executable, or a plugin.
type Image struct {
	b      []byte // the file, mapped
	file   *elf.File
	syms   []byte
	strs   []byte
	hash   []byte                            // the GNU hash table
	relocs func() (map[uint64]target, error) // of a plugin
}

// A target is what a relocation points to: a symbol by name, or an address in the same image.
type target struct {
	name string
	addr uint64
}

// A symbol is an exported symbol of an image.
type symbol struct {
	image *Image
	name  string
	typ   elf.SymType
	addr  uint64
	size  uint64
}

// Open maps an ELF file. The image must be closed.
func Open(name string) (*Image, error) {
	b, err := mapFile(name)
	if err != nil {
		return nil, err
	}
	im := &Image{b: b}
	im.relocs = sync.OnceValues(im.readRelocs)
	if err := im.parse(); err != nil {
		return nil, errors.Join(fmt.Errorf("thin: %s: %w", name, err), im.Close())
	}
	return im, nil
}

// mapFile maps a file into memory, to be read.
func mapFile(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	return syscall.Mmap(int(f.Fd()), 0, int(info.Size()), syscall.PROT_READ, syscall.MAP_SHARED)
}

// Close unmaps the file.
func (im *Image) Close() error { return unmap(im.b) }

func unmap(b []byte) error { return syscall.Munmap(b) }

func (im *Image) parse() error {
	var err error
	if im.file, err = elf.NewFile(bytes.NewReader(im.b)); err != nil {
		return err
	}
	if im.file.Class != elf.ELFCLASS64 || im.file.Data != elf.ELFDATA2LSB {
		return errors.New("not a little-endian 64-bit file")
	}
	for _, s := range im.file.Sections {
		if s.Type == elf.SHT_NOBITS || s.Offset+s.FileSize > uint64(len(im.b)) {
			continue
		}
		data := im.b[s.Offset : s.Offset+s.FileSize]
		switch s.Type {
		case elf.SHT_DYNSYM:
			im.syms = data
		case elf.SHT_GNU_HASH:
			im.hash = data
		case elf.SHT_STRTAB:
			if s.Name == ".dynstr" {
				im.strs = data
			}
		}
	}
	if im.syms == nil || im.strs == nil || len(im.hash) < 16 {
		return errors.New("it exports no symbols")
	}
	return nil
}

// buildID returns what tells one build from another.
func (im *Image) buildID() string {
	for _, name := range []string{".note.go.buildid", ".note.gnu.build-id"} {
		if s := im.file.Section(name); s != nil {
			if b, err := s.Data(); err == nil {
				return string(b)
			}
		}
	}
	return ""
}

const elfSymSize = 24

// lookup finds an exported symbol by the file's hash table.
func (im *Image) lookup(name string) (symbol, bool) {
	le := binary.LittleEndian
	h := uint32(5381)
	for i := range len(name) {
		h = h*33 + uint32(name[i])
	}
	buckets, first, words := le.Uint32(im.hash), le.Uint32(im.hash[4:]), le.Uint32(im.hash[8:])
	if buckets == 0 {
		return symbol{}, false
	}
	table := im.hash[16+8*uint64(words):]
	chain := table[4*uint64(buckets):]
	i := le.Uint32(table[4*(h%buckets):])
	if i < first {
		return symbol{}, false
	}
	for ; uint64(4*(i-first)+4) <= uint64(len(chain)); i++ {
		x := le.Uint32(chain[4*(i-first):])
		if x|1 == h|1 {
			if s, ok := im.symbol(i); ok && s.name == name {
				return s, true
			}
		}
		if x&1 != 0 {
			break
		}
	}
	return symbol{}, false
}

// symbol returns a defined symbol by its number.
func (im *Image) symbol(i uint32) (symbol, bool) {
	le := binary.LittleEndian
	if uint64(i+1)*elfSymSize > uint64(len(im.syms)) {
		return symbol{}, false
	}
	b := im.syms[i*elfSymSize:]
	if le.Uint16(b[6:]) == uint16(elf.SHN_UNDEF) {
		return symbol{}, false
	}
	return symbol{im, im.str(le.Uint32(b)), elf.ST_TYPE(b[4]), le.Uint64(b[8:]), le.Uint64(b[16:])}, true
}

func (im *Image) str(at uint32) string {
	if uint64(at) >= uint64(len(im.strs)) {
		return ""
	}
	s, _, _ := bytes.Cut(im.strs[at:], []byte{0})
	return string(s)
}

// data returns the bytes at an address.
func (im *Image) data(addr, size uint64) ([]byte, error) {
	for _, p := range im.file.Progs {
		if p.Type == elf.PT_LOAD && addr >= p.Vaddr && addr+size <= p.Vaddr+p.Filesz {
			at := p.Off + addr - p.Vaddr
			if at+size <= uint64(len(im.b)) {
				return im.b[at : at+size], nil
			}
		}
	}
	return nil, fmt.Errorf("thin: nothing is stored at %#x", addr)
}

// pointer returns what the pointer at an address points to.
func (im *Image) pointer(addr uint64) (target, error) {
	if im.file.Type == elf.ET_EXEC {
		b, err := im.data(addr, 8)
		if err != nil {
			return target{}, err
		}
		return target{addr: binary.LittleEndian.Uint64(b)}, nil
	}
	relocs, err := im.relocs()
	if err != nil {
		return target{}, err
	}
	t, ok := relocs[addr]
	if !ok {
		return target{}, fmt.Errorf("thin: no pointer is at %#x", addr)
	}
	return t, nil
}

func (im *Image) readRelocs() (map[uint64]target, error) {
	s := im.file.Section(".rela.dyn")
	if s == nil {
		return nil, errors.New("thin: a plugin without relocations")
	}
	b, err := s.Data()
	if err != nil {
		return nil, err
	}
	all := map[uint64]target{}
	le := binary.LittleEndian
	for ; len(b) >= 24; b = b[24:] {
		addr, info, addend := le.Uint64(b), le.Uint64(b[8:]), le.Uint64(b[16:])
		if i := uint32(info >> 32); i == 0 {
			all[addr] = target{addr: addend}
		} else if addend == 0 && uint64(i+1)*elfSymSize <= uint64(len(im.syms)) {
			all[addr] = target{name: im.str(le.Uint32(im.syms[i*elfSymSize:]))}
		}
	}
	return all, nil
}
