package thin

import (
	"bytes"
	"crypto/sha256"
	"debug/elf"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strings"
)

// internalSuffix is how the linker wants the names of functions of the calling convention abiInternal in a library.
const internalSuffix = ".abiinternal"

// libraryName is the name of the library that a plugin is linked against.
const libraryName = "gobraid"

// abiHash is what the linker takes for the hash of the library; the loaded plugin is compared with it.
const abiHash = "gobraid's own symbol"

// hashSymbol is the symbol that holds the hash when the plugin is loaded.
const hashSymbol = "go:link.abihash." + libraryName

// A stub is a shared library without code: symbols, and what the linker reads of types.
type stub struct {
	machine elf.Machine
	lookup  func(name string) (symbol, bool)

	syms, strs, rela, data bytes.Buffer
	index                  map[string]uint32 // symbols by name
	types                  map[string]string // types in the stub, by image and address
}

// dataAddr is where the data of a stub begin.
const dataAddr = 0x10000

func newStub(machine elf.Machine, lookup func(name string) (symbol, bool)) *stub {
	s := &stub{machine: machine, lookup: lookup, index: map[string]uint32{}, types: map[string]string{}}
	s.syms.Write(make([]byte, elfSymSize))
	s.strs.WriteByte(0)
	s.data.Write(make([]byte, 64))
	s.define(hashSymbol, elf.STT_OBJECT, dataAddr, 16)
	return s
}

// define adds a symbol and returns its number.
func (s *stub) define(name string, typ elf.SymType, addr, size uint64) uint32 {
	n := uint32(s.syms.Len() / elfSymSize)
	s.index[name] = n
	s.put(&s.syms, elf.Sym64{Name: uint32(s.strs.Len()), Info: elf.ST_INFO(elf.STB_GLOBAL, typ), Shndx: 1, Value: addr, Size: size})
	s.strs.WriteString(name)
	s.strs.WriteByte(0)
	return n
}

// put writes a record; there is none that cannot be written.
func (s *stub) put(b *bytes.Buffer, x any) { _ = binary.Write(b, binary.LittleEndian, x) }

// add adds a symbol that a plugin refers to under a name.
func (s *stub) add(name string, sym symbol) error {
	if _, ok := s.index[name]; ok {
		return nil
	}
	if strings.HasPrefix(name, "type:") && !strings.HasPrefix(name, "type:.") && sym.typ == elf.STT_OBJECT {
		return s.addType(name, sym)
	}
	s.define(name, sym.typ, dataAddr, sym.size)
	return nil
}

// Offsets in the description of a type, as internal/abi has them.
const (
	typePtrBytes = 8
	typeTFlag    = 20
	typeKind     = 23
	typeGCData   = 32
	typeEnd      = 48

	arrayElem    = typeEnd
	structFields = typeEnd + 4*8
	structCount  = typeEnd + 2*8
	uncommonSize = 16

	flagUncommon = 1
	flagOnDemand = 16
	kindMask     = 31
	kindArray    = 17
	kindStruct   = 25
)

// addType adds the description of a type, with what tells the linker where its pointers are.
func (s *stub) addType(name string, sym symbol) error {
	b, err := sym.image.data(sym.addr, sym.size)
	if err != nil {
		return err
	}
	if len(b) < typeEnd {
		return fmt.Errorf("thin: %s is no type", name)
	}
	addr := s.place(bytes.Clone(b))
	s.define(name, sym.typ, addr, sym.size)
	s.types[typeKey(sym)] = name
	if binary.LittleEndian.Uint64(b[typePtrBytes:]) == 0 {
		return nil
	}
	switch b[typeKind] & kindMask {
	case kindArray:
		return s.pointTo(sym, addr, arrayElem)
	case kindStruct:
		fields := uint64(structFields)
		if b[typeTFlag]&flagUncommon != 0 {
			fields += uncommonSize
		}
		n := binary.LittleEndian.Uint64(b[structCount:])
		if fields+24*n > uint64(len(b)) {
			return fmt.Errorf("thin: %s has other fields than expected", name)
		}
		for i := range n {
			if err := s.pointTo(sym, addr, fields+24*i+8); err != nil {
				return err
			}
		}
		return nil
	}
	if b[typeTFlag]&flagOnDemand != 0 {
		return fmt.Errorf("thin: %s has no mask of pointers", name)
	}
	t, err := sym.image.pointer(sym.addr + typeGCData)
	if err != nil {
		return err
	}
	words := binary.LittleEndian.Uint64(b[typePtrBytes:]) / 8
	mask, err := sym.image.data(t.addr, (words+7)/8)
	if t.name != "" || err != nil {
		return fmt.Errorf("thin: %s has no mask of pointers", name)
	}
	at := s.place(bytes.Clone(mask))
	binary.LittleEndian.PutUint64(s.data.Bytes()[addr-dataAddr+typeGCData:], at)
	return nil
}

// place puts data into the stub and returns their address.
func (s *stub) place(b []byte) uint64 {
	for s.data.Len()%8 != 0 {
		s.data.WriteByte(0)
	}
	addr := uint64(dataAddr + s.data.Len())
	s.data.Write(b)
	return addr
}

func typeKey(sym symbol) string { return fmt.Sprintf("%p %x", sym.image, sym.addr) }

// pointTo adds the type that the description of a type at addr points to at an offset.
func (s *stub) pointTo(sym symbol, addr, off uint64) error {
	t, err := sym.image.pointer(sym.addr + off)
	if err != nil {
		return err
	}
	to := symbol{image: sym.image, typ: elf.STT_OBJECT, addr: t.addr, size: typeEnd}
	if t.name != "" {
		var ok bool
		if to, ok = s.lookup(t.name); !ok {
			return &missingError{t.name}
		}
	} else if err := to.measure(); err != nil {
		return err
	}
	name, ok := s.types[typeKey(to)]
	if !ok {
		name = fmt.Sprintf("type:ø%d", len(s.types)) // short enough for the linker to leave it as it is
		if err := s.addType(name, to); err != nil {
			return err
		}
	}
	relocation := uint64(elf.R_X86_64_64)
	if s.machine == elf.EM_AARCH64 {
		relocation = uint64(elf.R_AARCH64_ABS64)
	}
	s.put(&s.rela, elf.Rela64{Off: addr + off, Info: uint64(s.index[name])<<32 | relocation})
	return nil
}

// measure finds out the size of the description of a type, as far as it is read.
func (sym *symbol) measure() error {
	b, err := sym.image.data(sym.addr, typeEnd)
	if err != nil {
		return err
	}
	uncommon := uint64(0)
	if b[typeTFlag]&flagUncommon != 0 {
		uncommon = uncommonSize
	}
	switch b[typeKind] & kindMask {
	case kindArray:
		sym.size = typeEnd + 24
	case kindStruct:
		if b, err = sym.image.data(sym.addr, structFields); err != nil {
			return err
		}
		sym.size = structFields + uncommon + 24*binary.LittleEndian.Uint64(b[structCount:])
	}
	return nil
}

// bytes writes the stub as an ELF file.
func (s *stub) bytes() []byte {
	type section struct {
		name       string
		typ        elf.SectionType
		flags      elf.SectionFlag
		addr       uint64
		data       []byte
		link, info uint32
		size       uint64
	}
	all := []section{
		{},
		{name: ".rodata", typ: elf.SHT_PROGBITS, flags: elf.SHF_ALLOC, addr: dataAddr, data: s.data.Bytes()},
		{name: ".dynsym", typ: elf.SHT_DYNSYM, data: s.syms.Bytes(), link: 3, info: 1, size: elfSymSize},
		{name: ".dynstr", typ: elf.SHT_STRTAB, data: s.strs.Bytes()},
		{name: ".rela.dyn", typ: elf.SHT_RELA, data: s.rela.Bytes(), link: 2, size: 24},
		{name: ".note.go.abihash", typ: elf.SHT_NOTE, data: s.note(2, abiHash)},
		{name: ".note.go.deps", typ: elf.SHT_NOTE, data: s.note(3, "")},
		{name: ".shstrtab", typ: elf.SHT_STRTAB},
	}
	var names bytes.Buffer
	headers := make([]elf.Section64, len(all))
	for i, x := range all {
		headers[i].Name = uint32(names.Len())
		names.WriteString(x.name + "\x00")
	}
	all[len(all)-1].data = names.Bytes()
	var out bytes.Buffer
	const header = 64
	out.Write(make([]byte, header))
	pad := func() {
		for out.Len()%16 != 0 {
			out.WriteByte(0)
		}
	}
	for i, x := range all {
		pad()
		h := &headers[i]
		h.Type, h.Flags, h.Addr, h.Off, h.Size = uint32(x.typ), uint64(x.flags), x.addr, uint64(out.Len()), uint64(len(x.data))
		h.Link, h.Info, h.Addralign, h.Entsize = x.link, x.info, 8, x.size
		out.Write(x.data)
	}
	pad()
	at := uint64(out.Len())
	s.put(&out, headers)
	var head bytes.Buffer
	e := elf.Header64{
		Type: uint16(elf.ET_DYN), Machine: uint16(s.machine), Version: 1, Shoff: at, Ehsize: header,
		Shentsize: 64, Shnum: uint16(len(all)), Shstrndx: uint16(len(all) - 1),
	}
	copy(e.Ident[:], "\x7fELF\x02\x01\x01")
	s.put(&head, e)
	b := out.Bytes()
	copy(b, head.Bytes())
	return b
}

func (s *stub) note(tag uint32, text string) []byte {
	var b bytes.Buffer
	s.put(&b, []uint32{4, uint32(len(text)), tag})
	b.WriteString("Go\x00\x00" + text)
	for b.Len()%4 != 0 {
		b.WriteByte(0)
	}
	return b.Bytes()
}

// mangle shortens the name of a type as the linker does.
func mangle(name string) string {
	isType := strings.HasPrefix(name, "type:")
	switch {
	case !isType && !strings.Contains(name, "@"), strings.HasPrefix(name, "type:runtime."), strings.HasPrefix(name, "go:string."):
		return name
	case len(name) <= 14 && !strings.Contains(name, "@"):
		return name
	case isType:
		prefix := "type:"
		if name[5] == '.' {
			prefix = "type:."
		}
		return prefix + short(name[5:])
	}
	i, j := strings.IndexByte(name, '['), strings.LastIndexByte(name, ']')
	if j == -1 || j <= i {
		j = len(name)
	}
	return name[:i+1] + short(name[i+1:j]) + name[j:]
}

func short(s string) string {
	sum := sha256.Sum256([]byte(s))
	sum[0] ^= 0xff
	return base64.StdEncoding.EncodeToString(sum[:6])
}
