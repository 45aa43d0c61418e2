package symbols

import (
	"reflect"

	"github.com/gobraid/gobraid/concurrency/measure"
)

var ownMeasure = map[string]reflect.Value{
	"Allocs":     reflect.ValueOf(measure.Allocs),
	"Bytes":      reflect.ValueOf(measure.Bytes),
	"CPU":        reflect.ValueOf(measure.CPU),
	"Case":       reflect.ValueOf((*measure.Case)(nil)),
	"Compare":    reflect.ValueOf(measure.Compare),
	"Comparison": reflect.ValueOf((*measure.Comparison)(nil)),
	"Measure":    reflect.ValueOf(measure.Measure),
	"Metric":     reflect.ValueOf((*measure.Metric)(nil)),
	"Metrics":    reflect.ValueOf(measure.Metrics),
	"NewPlan":    reflect.ValueOf(measure.NewPlan),
	"PeakRSS":    reflect.ValueOf(measure.PeakRSS),
	"Plan":       reflect.ValueOf((*measure.Plan)(nil)),
	"Ratio":      reflect.ValueOf((*measure.Ratio)(nil)),
	"Result":     reflect.ValueOf((*measure.Result)(nil)),
	"Row":        reflect.ValueOf((*measure.Row)(nil)),
	"Running":    reflect.ValueOf(measure.Running),
	"Sleeping":   reflect.ValueOf(measure.Sleeping),
	"Tasks":      reflect.ValueOf(measure.Tasks),
	"Waiting":    reflect.ValueOf(measure.Waiting),
	"Wall":       reflect.ValueOf(measure.Wall),
}
