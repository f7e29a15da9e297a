import Apus
import AsideKit
import Foundation
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

@Suite(.aside) struct SVGTests {
    /// The text of all elements of a name, or `nil` where the document is not well formed.
    private final class Reader: NSObject, XMLParserDelegate {
        var texts: [String: [String]] = [:]
        var classes: [String: Int] = [:]
        private var open: [(name: String, text: String)] = []

        static func read(_ svg: String) -> Reader? {
            let reader = Reader()
            let parser = XMLParser(data: Data(svg.utf8))
            parser.delegate = reader
            return parser.parse() ? reader : nil
        }

        func parser(
            _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
            attributes: [String: String]
        ) {
            open.append((name, ""))
            if let kind = attributes["class"] { classes[kind, default: 0] += 1 }
        }

        func parser(_ parser: XMLParser, foundCharacters text: String) { open[open.count - 1].text += text }

        func parser(
            _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
        ) {
            let element = open.removeLast()
            texts[element.name, default: []].append(element.text)
        }
    }

    @Test(arguments: 0..<200 as Range<UInt64>)
    func `whatever the names, the document is well formed`(_ seed: UInt64) throws {
        let outline = RandomOutline.arbitrary(seed: seed)
        let reader = try #require(Reader.read(outline.svg(overlay: .sample)), "seed \(seed)")
        func count(_ outline: GraphOutline) -> Int {
            outline.nodes.reduce(0) { $0 + 1 + $1.inner.reduce(0) { $0 + count($1) } }
        }
        let boxes = reader.classes.filter { $0.key == "n" || $0.key.hasPrefix("n s-") }.values.reduce(0, +)
        #expect(boxes == count(outline), "seed \(seed)")
        #expect(
            Set(reader.texts.keys).isSubset(of: [
                "svg", "title", "desc", "style", "rect", "g", "path", "circle", "text",
            ]))
    }

    @Test func `a reader who cannot see hears what is drawn`() throws {
        let svg = GraphOutline.drafting.svg()
        #expect(svg.contains(#"role="img" aria-label="drafting""#))
        let reader = try #require(Reader.read(svg))
        #expect(reader.texts["title"]?.contains("publish / write") == true)
        #expect(reader.texts["title"]?.contains("loop of write") == true)
        #expect(reader.texts["desc"] == ["3 nodes, 5 edges, 1 loop"])
    }

    @Test func `kinds of edges and marks are told apart`() throws {
        let overdue = try #require(Reader.read(GraphOutline.overdue.svg()))
        #expect(overdue.classes["e failure"] == 1)
        #expect(overdue.classes["e forward"] == 6)
        #expect(overdue.classes["end"] == 2)
        #expect(overdue.texts["text"]?.contains("some") == true)
        let drafting = try #require(Reader.read(GraphOutline.drafting.svg()))
        #expect(drafting.classes["e back"] == 1)
        #expect(drafting.classes["loop"] == 1)
    }

    @Test func `a run colours its nodes`() throws {
        let reader = try #require(Reader.read(GraphOutline.overdue.svg(overlay: .sample)))
        #expect(reader.classes["n s-completed"] == 2)
        #expect(reader.classes["n s-skipped"] == 1)
        #expect(reader.texts["text"]?.contains("1.5 s · 1 retry") == true)
        #expect(reader.texts["desc"] == ["4 nodes, 7 edges, 0 loops, run running"])
    }

    @Test(arguments: DrawingStyle.Appearance.allCases)
    func `only the automatic appearance asks the reader's system`(_ appearance: DrawingStyle.Appearance) {
        let svg = GraphOutline.overdue.svg(style: DrawingStyle(appearance: appearance))
        #expect(svg.contains("prefers-color-scheme:dark") == (appearance == .automatic))
        #expect(svg.contains("class=\"apus-\(appearance.rawValue)\""))
    }

    @Test func `the same outline is drawn the same`() {
        let outline = RandomOutline.sound(seed: 1, size: 60)
        #expect(outline.svg() == outline.svg())
        #expect(GraphOutline(name: "", nodes: [], edges: [], loops: []).svg().hasSuffix("</svg>\n"))
    }

    @Test func `two nodes stand below each other`() throws {
        let outline = GraphOutline(
            name: "two", nodes: [NodeOutline(id: "a"), NodeOutline(id: "b")],
            edges: [EdgeOutline(from: nil, to: "a"), EdgeOutline(from: "a", to: "b")], loops: [])
        let svg = outline.svg(style: DrawingStyle(appearance: .light, showsTitle: false))
        let body = try #require(svg.components(separatedBy: "height=\"100%\"/>\n").last)
        #expect(
            body == """
                <g transform="translate(20 20)">
                <path class="e forward" d="M32 16L32 47"/>
                <path class="a forward" d="M32 52L28 44L36 44Z"/>
                <path class="e forward" d="M32 87L32 118"/>
                <path class="a forward" d="M32 123L28 115L36 115Z"/>
                <g><title>start</title>
                <circle class="start" cx="32" cy="8" r="7"/>
                </g>
                <g class="n"><title>a</title>
                <rect class="b" x="0" y="52" width="64" height="35" rx="8"/>
                <text class="name" x="32" y="74">a</text>
                </g>
                <g class="n"><title>b</title>
                <rect class="b" x="0" y="123" width="64" height="35" rx="8"/>
                <text class="name" x="32" y="145">b</text>
                </g>
                </g>
                </svg>

                """)
    }
}
