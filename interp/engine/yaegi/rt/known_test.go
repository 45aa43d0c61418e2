package rt

import (
	"reflect"
	"testing"
)

func TestKnown(t *testing.T) {
	seen := map[reflect.Type]bool{}
	for _, typ := range Known() {
		if typ.Name() != "" || seen[typ] {
			t.Errorf("%s is declared or listed twice", typ)
		}
		seen[typ] = true
	}
	if made := reflect.MapOf(reflect.TypeFor[string](), reflect.SliceOf(reflect.TypeFor[uint16]())); !seen[made] {
		t.Errorf("reflect makes %s anew", made)
	}
}
