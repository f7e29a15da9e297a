import Apus
import Testing
@Suite struct Placeholder { @Test func `builds`() {} }
