//go:build !linux

package process

import "unsafe"

type place struct {
	Module string
	Offset uint64
}

func placeOf(unsafe.Pointer) (place, bool) { return place{}, false }

func (pl place) pointer() (unsafe.Pointer, error) { return nil, errSystem }
