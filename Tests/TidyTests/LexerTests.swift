import Testing

@Suite struct LexerTests {
    private func words(_ text: String) -> [String] { Lexer.tokens(of: text).map(\.text) }

    @Test func `comments and the text of literals are no code`() {
        #expect(words("a // b\n/* c /* d */ e */ f") == ["a", "f"])
        #expect(words(#"a("b \" c")"#) == ["a", "(", "\"", ")"])
        #expect(words("\"\"\"\n a \" b\n\"\"\" c") == ["\"", "c"])
        #expect(words(##"#"a " b"# c"##) == ["\"", "c"])
        #expect(words("#/a \" b/# c") == ["c"])
    }

    @Test func `interpolations are code`() {
        #expect(words(#""a \(b("c")) d" e"#) == ["\"", "(", "b", "(", "\"", ")", ")", "e"])
    }

    @Test func `lines count through comments and literals`() {
        let tokens = Lexer.tokens(of: "/*\n*/ a\n\"\"\"\n\n\"\"\"\nb")
        #expect(tokens.first == Token(text: "a", line: 2))
        #expect(tokens.last == Token(text: "b", line: 6))
    }

    @Test func `functions know their name, length and inout parameters`() throws {
        let text = """
            protocol P { func requirement(); init() }
            func `does it`<T: P>(_ a: inout T, of b: [Int] = { [1] }(), with c: inout Int) -> [T] where T: P {
                a.init()
            }
            """
        let functions = Lexer.tokens(of: text).functions()
        let found = try #require(functions.first)
        #expect(functions.count == 1)
        #expect(found.name == "`does it`")
        #expect(found.line == 2)
        #expect(found.length == 3)
        #expect(found.inoutParameters == ["a", "c"])
    }
}
