import Apus
import ApusTesting

/// A small random graph with loops, failures, ends of the graph, milestones, regions, channels and turns within turns.
/// Not every one can be built.
struct TangledGraph {
    private var random: SeededGenerator
    private var handles: [NodeHandle<Nothing>] = []

    static func draw(seed: UInt64) throws -> Graph<Nothing> {
        var tangle = TangledGraph(random: SeededGenerator(seed: SeededGenerator.mix(seed ^ 0x7A46)))
        return try Graph<Nothing>("tangle") { g in try tangle.build(&g) }
    }

    private mutating func pick() -> NodeHandle<Nothing> { handles[random.below(handles.count)] }

    private mutating func build(_ g: inout GraphBuilder<Nothing>) throws {
        let count = 4 + random.below(4)
        let hasTurns = random.below(2) == 0
        for number in 0..<count {
            if hasTurns, random.below(3) == 0 {
                let inner = try Graph<Nothing>.single("x", key: "k\(random.below(3))")
                let sub = g.run("n\(number)", inner, key: random.below(3) > 0 ? "k\(random.below(3))" : nil)
                if random.below(6) == 0 { sub.timeout(.seconds(1)) }
                handles.append(sub)
            } else {
                let node = g.daring("n\(number)")
                if hasTurns, random.below(4) == 0 { node.critical("k\(random.below(3))") }
                handles.append(node)
            }
        }
        if random.below(3) == 0 {
            let channel = g.channel("c", of: Int.self, from: pick())
            let enough: @Sendable ([Int]) -> Bool = { $0.count > 1 }
            let reader = g.read("n\(count)", channel, until: random.below(3) == 0 ? enough : nil)
            if hasTurns, random.below(3) == 0 { reader.critical("k0") }
            handles.insert(reader, at: 1 + random.below(handles.count))
        }
        g.start(at: handles[0])
        if random.below(6) == 0 { g.entry("other", at: pick()) }
        for place in handles.indices { connect(&g, place) }
        for _ in 0..<random.below(3) { g.milestone(pick(), after: pick(), before: pick()) }
        if random.below(2) == 0 {
            g.cancelRegion([pick()], by: pick(), as: random.below(2) == 0 ? .cancelled : .completed)
        }
    }

    private mutating func connect(_ g: inout GraphBuilder<Nothing>, _ place: Int) {
        let node = handles[place]
        let later = place + 1 < handles.count ? handles[place + 1] : .end
        switch random.below(9) {
        case 0: g.fork(from: node, to: targets(place, 2))
        case 1:
            let cases = [RouteCase("on", to: [later]), RouteCase("back", to: pick()), RouteCase("off")]
            g.route(from: node, cases: cases) { ["on", "back", "off"][$0.pick(3)] }
        case 2:
            let targets = targets(place, 3)
            g.select(from: node, to: targets) { state in
                targets.indices.filter { state.value >> (8 + $0) & 1 == 1 }.map { targets[$0] }
            }
        case 3: g.route(from: node, to: [later, .finish]) { $0.pick(4) == 0 ? .finish : later }
        case 4:
            let cases = [RouteCase("on", to: targets(place, 2)), RouteCase("off", to: targets(place, 1))]
            g.route(from: node, cases: cases) { ["on", "off"][$0.pick(2)] }
        default: g.edge(from: node, to: later)
        }
        if random.below(5) == 0 { g.onFailure(of: node, to: pick()) }
    }

    /// So many nodes declared later, or fewer.
    private mutating func targets(_ place: Int, _ most: Int) -> [NodeHandle<Nothing>] {
        var left = Array(handles.indices.dropFirst(place + 1))
        var found: [NodeHandle<Nothing>] = []
        for _ in 0..<most where !left.isEmpty { found.append(handles[left.remove(at: random.below(left.count))]) }
        return found.isEmpty ? [.end] : found
    }
}
