// Tests of the examples, which run where they are read.
import "../../docs/examples/digest.test.ts";
import "../../docs/examples/echo.test.ts";
