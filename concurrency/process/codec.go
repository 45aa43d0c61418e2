package process

import (
	"bytes"
	"encoding/gob"
	"fmt"
	"io"
	"reflect"
	"sync"
	"unsafe"
)

// A codec turns values of one type into bytes and back. Numbers, strings, and slices and structs of numbers only, are copied as
// they lie in memory: the other side is the same program. All else goes through encoding/gob.
type codec interface {
	// append encodes *v, which p points to, at the end of b. A large value that is nothing but bytes is returned as
	// tail, which follows b: it is not copied.
	append(b []byte, p any) (_, tail []byte, err error)
	// prefix is what a decoder must be made with.
	prefix() []byte
	// decoder returns a decoder of what another process has encoded, given its prefix.
	decoder(prefix []byte) (decoder, error)
}

// A decoder decodes what came over one connection. Only one goroutine uses it.
type decoder interface {
	// decode stores a value in what p points to. It does not keep b, unless own tells that it may.
	decode(b []byte, own bool, p any) error
}

// largeValue is how many bytes are not copied any more.
const largeValue = 32 << 10

var codecs sync.Map // of reflect.Type to codec or error

// codecOf returns the codec for what p points to.
func codecOf(p any) (codec, error) {
	if p == nil {
		return empty{}, nil
	}
	t := reflect.TypeOf(p).Elem()
	if c, ok := codecs.Load(t); ok {
		if c, ok := c.(codec); ok {
			return c, nil
		}
		return nil, c.(error)
	}
	c, err := newCodec(t)
	if err != nil {
		codecs.Store(t, err)
		return nil, err
	}
	codecs.Store(t, c)
	return c, nil
}

func newCodec(t reflect.Type) (codec, error) {
	if err := Sendable(t); err != nil {
		return nil, err
	}
	switch {
	case t.Size() == 0:
		return empty{}, nil
	case t.Kind() == reflect.String:
		return text{}, nil
	case plain(t):
		return memory{t.Size()}, nil
	case t.Kind() == reflect.Slice && plain(t.Elem()) && t.Elem().Size() > 0:
		return array{t, t.Elem().Size()}, nil
	}
	return newGob(t)
}

// plain reports whether a value is nothing but numbers, and does not encode itself.
func plain(t reflect.Type) bool {
	if marshals(t) {
		return false
	}
	switch t.Kind() {
	case reflect.Array:
		return plain(t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			if !plain(t.Field(i).Type) {
				return false
			}
		}
		return true
	}
	return t.Kind() >= reflect.Bool && t.Kind() <= reflect.Complex128
}

// empty is for values that have nothing in them.
type empty struct{}

func (empty) append(b []byte, _ any) (_, _ []byte, _ error) { return b, nil, nil }
func (empty) prefix() []byte                                { return nil }
func (empty) decoder([]byte) (decoder, error)               { return empty{}, nil }
func (empty) decode([]byte, bool, any) error                { return nil }

// text is for strings.
type text struct{}

func (text) append(b []byte, p any) (_, _ []byte, _ error) {
	s := *(*string)(parts(p).data)
	if len(s) >= largeValue {
		return b, unsafe.Slice(unsafe.StringData(s), len(s)), nil
	}
	return append(b, s...), nil, nil
}
func (text) prefix() []byte                  { return nil }
func (text) decoder([]byte) (decoder, error) { return text{}, nil }
func (text) decode(b []byte, own bool, p any) error {
	s := (*string)(parts(p).data)
	if own && len(b) > 0 {
		*s = unsafe.String(&b[0], len(b))
	} else {
		*s = string(b)
	}
	return nil
}

// memory is for values that are copied as they lie in memory.
type memory struct{ size uintptr }

func (m memory) append(b []byte, p any) (_, _ []byte, _ error) {
	v := unsafe.Slice((*byte)(parts(p).data), m.size)
	if len(v) >= largeValue {
		return b, v, nil
	}
	return append(b, v...), nil, nil
}
func (m memory) prefix() []byte                  { return nil }
func (m memory) decoder([]byte) (decoder, error) { return m, nil }
func (m memory) decode(b []byte, _ bool, p any) error {
	if uintptr(len(b)) != m.size {
		return errGarbage
	}
	copy(unsafe.Slice((*byte)(parts(p).data), m.size), b)
	return nil
}

// array is for slices of such values.
type array struct {
	t    reflect.Type
	size uintptr // of an element
}

func (a array) append(b []byte, p any) (_, _ []byte, _ error) {
	s := (*[]byte)(parts(p).data) // its length counts elements
	if len(*s) == 0 {
		return b, nil, nil
	}
	v := unsafe.Slice(unsafe.SliceData(*s), uintptr(len(*s))*a.size)
	if len(v) >= largeValue {
		return b, v, nil
	}
	return append(b, v...), nil, nil
}
func (a array) prefix() []byte                  { return nil }
func (a array) decoder([]byte) (decoder, error) { return a, nil }
func (a array) decode(b []byte, own bool, p any) error {
	if uintptr(len(b))%a.size != 0 {
		return errGarbage
	}
	if own && a.size == 1 {
		*(*[]byte)(parts(p).data) = b
		return nil
	}
	n := len(b) / int(a.size)
	v := reflect.MakeSlice(a.t, n, n)
	reflect.ValueOf(p).Elem().Set(v)
	if n > 0 {
		copy(unsafe.Slice((*byte)(v.UnsafePointer()), len(b)), b)
	}
	return nil
}

// gobbed is for all other values. A gob stream begins by saying what the types are, which would have to be said, and
// understood, again with every value: it takes 20 times as long as the value. So an encoder is used for many values: what it
// says first is the prefix, the same for every encoder of this process, and every decoder of the other side is given it once.
// Only a type with interfaces in it has something new to say with any value.
type gobbed struct {
	t     reflect.Type
	boxed bool // gob has no pointer and no interface at the top: it is put into a struct
	fresh bool // every value is a stream of its own
	head  []byte
	pool  sync.Pool // of *gobEncoder
}

type gobEncoder struct {
	*gob.Encoder
	buf bytes.Buffer
}

func newGob(t reflect.Type) (codec, error) {
	g := &gobbed{t: t, fresh: mentionsInterface(t, map[reflect.Type]bool{})}
	if t.Kind() == reflect.Pointer || t.Kind() == reflect.Interface {
		g.boxed = true
		g.t = reflect.StructOf([]reflect.StructField{{Name: "V", Type: t}})
	}
	if g.fresh {
		return g, nil
	}
	_, err := g.encoder()
	return g, err
}

// encoder returns an encoder that has said what the types are.
func (g *gobbed) encoder() (*gobEncoder, error) {
	if e, ok := g.pool.Get().(*gobEncoder); ok {
		return e, nil
	}
	e := &gobEncoder{}
	e.Encoder = gob.NewEncoder(&e.buf)
	if g.fresh {
		return e, nil
	}
	if err := encode(e, reflect.New(g.t).Elem()); err != nil {
		return nil, fmt.Errorf("process: values of type %s cannot be sent: %w", g.t, err)
	}
	if g.head == nil {
		g.head = bytes.Clone(e.buf.Bytes())
	}
	e.buf.Reset()
	return e, nil
}

// encode is e.EncodeValue, with the panics that it has for nil pointers as errors.
func encode(e *gobEncoder, v reflect.Value) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%v", r)
		}
	}()
	return e.EncodeValue(v)
}

func (g *gobbed) append(b []byte, p any) (_, _ []byte, _ error) {
	e, err := g.encoder()
	if err != nil {
		return b, nil, err
	}
	v := reflect.ValueOf(p).Elem()
	if g.boxed {
		box := reflect.New(g.t).Elem()
		box.Field(0).Set(v)
		v = box
	}
	if err := encode(e, v); err != nil {
		return b, nil, fmt.Errorf("process: a value of type %s cannot be sent: %w", reflect.TypeOf(p).Elem(), err)
	}
	if g.fresh || e.buf.Len() >= largeValue {
		return b, e.buf.Bytes(), nil
	}
	b = append(b, e.buf.Bytes()...)
	e.buf.Reset()
	g.pool.Put(e)
	return b, nil, nil
}

func (g *gobbed) prefix() []byte { return g.head }

// A gobDecoder reads one message after the other.
type gobDecoder struct {
	*gobbed
	head []byte
	src  bytes.Reader
	*gob.Decoder
}

func (g *gobbed) decoder(prefix []byte) (decoder, error) {
	d := &gobDecoder{gobbed: g, head: bytes.Clone(prefix)}
	return d, d.begin()
}

// begin makes the decoder understand the types.
func (d *gobDecoder) begin() error {
	d.Decoder = gob.NewDecoder(&d.src)
	if d.fresh {
		return nil
	}
	d.src.Reset(d.head)
	if err := d.DecodeValue(reflect.New(d.t)); err != nil {
		return fmt.Errorf("process: type %s: %w", d.t, err)
	}
	return nil
}

func (d *gobDecoder) decode(b []byte, _ bool, p any) error {
	if d.fresh {
		d.Decoder = gob.NewDecoder(&d.src)
	}
	d.src.Reset(b)
	v := reflect.ValueOf(p)
	if d.boxed {
		v = reflect.New(d.t)
	}
	if err := d.DecodeValue(v); err != nil {
		_ = d.begin()
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return fmt.Errorf("process: a value of type %s: %w", reflect.TypeOf(p).Elem(), err)
	}
	if d.boxed {
		reflect.ValueOf(p).Elem().Set(v.Elem().Field(0))
	}
	return nil
}
