package display

import (
	"fmt"
	"go/types"
	"reflect"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// scalar shows a boolean, a number or a string.
func (s *show) scalar(v reflect.Value, t types.Type, at place) node {
	name := typeName(v, t)
	text := ""
	switch v.Kind() {
	case reflect.Bool:
		text = strconv.FormatBool(v.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		if name == "rune" {
			return leaf(runeText(v.Int()))
		}
		text = strconv.FormatInt(v.Int(), 10)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		text = strconv.FormatUint(v.Uint(), 10)
	case reflect.Uintptr:
		text = fmt.Sprintf("%#x", v.Uint())
	case reflect.Float32:
		text = fmt.Sprint(float32(v.Float()))
	case reflect.Float64:
		text = fmt.Sprint(v.Float())
	case reflect.Complex64:
		text = strings.Trim(fmt.Sprint(complex64(v.Complex())), "()")
	case reflect.Complex128:
		text = strings.Trim(fmt.Sprint(v.Complex()), "()")
	case reflect.String:
		text = s.quote(v.String())
	default:
		text = fmt.Sprint(v)
	}
	switch name {
	case "bool", "int", "float64", "complex128", "string":
		return leaf(text)
	}
	if at.known == nothing {
		text = name + "(" + text + ")"
	}
	return leaf(text)
}

// runeText shows a rune as a character if it is one, else as a number.
func runeText(r int64) string {
	if r < 0 || r > unicode.MaxRune || !utf8.ValidRune(rune(r)) {
		return fmt.Sprintf("rune(%d)", r)
	}
	return strconv.QuoteRune(rune(r))
}

// quote quotes a string, cut if it is long.
func (s *show) quote(text string) string {
	head, more := s.cut(text)
	return strconv.Quote(head) + more
}

// cut returns the beginning of a text that is longer than the limit, and how much follows.
func (s *show) cut(text string) (head, more string) {
	n := s.String
	if len(text) <= n {
		return text, ""
	}
	for n > 0 && n > s.String-utf8.UTFMax && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n], fmt.Sprintf("… %d bytes more", len(text)-n)
}

// bytesText shows bytes that are text as a conversion from a string.
func (s *show) bytesText(b []byte, name string) (text string, ok bool) {
	if len(b) == 0 || !utf8.Valid(b) {
		return "", false
	}
	for _, r := range string(b) {
		if !unicode.IsPrint(r) && r != '\n' && r != '\t' && r != '\r' {
			return "", false
		}
	}
	return name + "(" + s.quote(string(b)) + ")", true
}
