package lower

import (
	"fmt"
	"go/constant"
	"go/types"
	"math/big"
	"strconv"
	"unicode/utf8"
)

// constantText writes an exact constant as a Go expression of the same kind.
func constantText(v constant.Value, t types.Type) string {
	b, _ := t.Underlying().(*types.Basic)
	switch {
	case b.Info()&types.IsComplex != 0:
		v = constant.ToComplex(v)
		return fmt.Sprintf("complex(%s, %s)", floatText(constant.Real(v)), floatText(constant.Imag(v)))
	case b.Info()&types.IsFloat != 0:
		return floatText(v)
	case b.Kind() == types.UntypedRune:
		if r, exact := constant.Int64Val(v); exact && r <= utf8.MaxRune && utf8.ValidRune(rune(r)) {
			return strconv.QuoteRune(rune(r))
		}
		return "('a' - 'a' + " + v.ExactString() + ")"
	}
	return v.ExactString()
}

// floatText writes a floating-point constant exactly: as a quotient of whole numbers, or, where they
// would be enormous, in hexadecimal.
func floatText(v constant.Value) string {
	switch x := constant.Val(constant.ToFloat(v)).(type) {
	case int64:
		return fmt.Sprintf("%d.0", x)
	case *big.Int:
		return x.String() + ".0"
	case *big.Rat:
		return fmt.Sprintf("(%s.0 / %s.0)", x.Num(), x.Denom())
	case *big.Float:
		return x.Text('p', 0)
	}
	return v.ExactString()
}
