package symbols

import (
	"reflect"

	"github.com/gobraid/gobraid/concurrency/web"
	"github.com/gobraid/gobraid/concurrency/webtest"
)

func init() {
	own["github.com/gobraid/gobraid/concurrency/web"] = map[string]reflect.Value{
		"Client":       reflect.ValueOf((*web.Client)(nil)),
		"DefaultLimit": reflect.ValueOf(web.DefaultLimit),
		"ErrClosed":    reflect.ValueOf(&web.ErrClosed).Elem(),
		"NewClient":    reflect.ValueOf(web.NewClient),
		"Response":     reflect.ValueOf((*web.Response)(nil)),
		"StatusError":  reflect.ValueOf((*web.StatusError)(nil)),
	}
	own["github.com/gobraid/gobraid/concurrency/webtest"] = map[string]reflect.Value{
		"Entry":  reflect.ValueOf((*webtest.Entry)(nil)),
		"New":    reflect.ValueOf(webtest.New),
		"Server": reflect.ValueOf((*webtest.Server)(nil)),
		"Stats":  reflect.ValueOf((*webtest.Stats)(nil)),
	}
}
