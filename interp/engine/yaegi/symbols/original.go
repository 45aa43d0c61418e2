package symbols

import (
	"log"
	"os"
	"reflect"
)

// original are the names that yaegi's tables replace by tamer ones, as the standard library has them: yaegi's log.Logger
// is another type, its log.Fatal panics, and a process does not find itself.
var original = map[string]map[string]reflect.Value{
	"log": {
		"Fatal":   reflect.ValueOf(log.Fatal),
		"Fatalf":  reflect.ValueOf(log.Fatalf),
		"Fatalln": reflect.ValueOf(log.Fatalln),
		"Logger":  reflect.ValueOf((*log.Logger)(nil)),
		"New":     reflect.ValueOf(log.New),
	},
	"os": {
		"Exit":        reflect.ValueOf(os.Exit),
		"FindProcess": reflect.ValueOf(os.FindProcess),
	},
}
