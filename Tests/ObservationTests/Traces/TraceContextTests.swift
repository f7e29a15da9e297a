import Apus
import ApusTesting
import Testing

@Suite struct TraceContextTests {
    static let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

    @Test func `a traceparent reads and writes the same`() throws {
        let context = try #require(TraceContext(traceparent: Self.parent, tracestate: "rojo=00f067, congo=t61 "))
        #expect(context.traceparent == Self.parent)
        #expect(context.tracestate == "rojo=00f067,congo=t61")
        #expect("\(context.trace)" == "0af7651916cd43dd8448eb211c80319c")
        #expect("\(context.span)" == "b7ad6b7169203331")
        #expect(context.isSampled)
        #expect(TraceContext(traceparent: Self.parent.dropLast() + "2")?.isSampled == false)
        #expect(try JSON(encoding: context).decode(as: TraceContext.self) == context)
    }

    @Test(arguments: [
        "", "00", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331", parent + "-", parent + "0",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "00-0af7651916cd43dd8448eb211c80319g-b7ad6b7169203331-01",
        "00_0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "01" + parent.dropFirst(2) + "x", " " + parent,
    ])
    func `what is no traceparent is refused`(_ header: String) { #expect(TraceContext(traceparent: header) == nil) }

    @Test func `a later version is read as far as it is known`() {
        #expect(TraceContext(traceparent: "cc" + Self.parent.dropFirst(2))?.isSampled == true)
        #expect(TraceContext(traceparent: "cc" + Self.parent.dropFirst(2) + "-more")?.isSampled == true)
    }

    @Test(arguments: [
        ("a=1", true), ("a=1,b=2", true), ("", true), (" , ,a=1", true), ("0a@s=1", true), ("a/b*c_-=x y", true),
        ("A=1", false), ("a", false), ("=1", false), ("a=", false), ("a=1=2", false), ("a=1,a=2", false),
        ("a@=1", false), ("a@toolongsystemname=1", false), ("a@b@c=1", false), ("0a=1", false), ("a=é", false),
    ])
    func `a tracestate is read as a whole or not at all`(header: String, isGood: Bool) {
        #expect((TraceState(header) != nil) == isGood, "\(header)")
    }

    @Test func `no more than 32 members stand in a tracestate`() throws {
        let header = (0..<32).map { "k\($0)=1" }.joined(separator: ",")
        var state = try #require(TraceState(header))
        #expect(TraceState(header + ",one=more") == nil)
        let isPut = state.put("one", "more")
        #expect(isPut && state.members.count == 32 && state.members.first?.key == "one" && state["k31"] == nil)
    }

    @Test func `a ratio chooses about that part, and a greater one chooses those of a smaller too`() {
        var random = SeededGenerator(seed: 7)
        var counts = [0, 0]
        for _ in 0..<20_000 {
            let trace = TraceID(high: random.next(), low: random.next())
            let (few, many) = (TraceSampler.ratio(0.1), TraceSampler.ratio(0.4))
            if few.samples(trace, parent: nil) {
                counts[0] += 1
                #expect(many.samples(trace, parent: nil))
            }
            if many.samples(trace, parent: nil) { counts[1] += 1 }
            #expect(TraceSampler.ratio(1).samples(trace, parent: nil))
            #expect(!TraceSampler.ratio(0).samples(trace, parent: nil))
        }
        #expect(abs(counts[0] - 2_000) < 200 && abs(counts[1] - 8_000) < 400, "\(counts)")
    }

    @Test func `the parent decides where there is one`() throws {
        let parent = try #require(TraceContext(traceparent: Self.parent))
        var unsampled = parent
        unsampled.isSampled = false
        let sampler = TraceSampler.parentBased(root: .never)
        #expect(sampler.samples(parent.trace, parent: parent))
        #expect(!TraceSampler.parentBased(root: .always).samples(parent.trace, parent: unsampled))
        #expect(!sampler.samples(parent.trace, parent: nil))
    }
}
