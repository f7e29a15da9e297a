import AsideKit
import Testing

@testable import Apus

@Suite(.aside) struct OutlineLayoutTests {
    private static let seeds = Array(0..<60 as Range<UInt64>)

    private func layout(_ seed: UInt64) -> (outline: GraphOutline, layout: OutlineLayout) {
        let outline = RandomOutline.sound(seed: seed, size: 5 + Int(seed))
        return (outline, OutlineLayout(outline) { _ in seed % 2 == 0 ? nil : "×2 · 1.2 s" })
    }

    private func overlap(_ first: Rect, _ second: Rect) -> Bool {
        first.x < second.x + second.width && second.x < first.x + first.width
            && first.y < second.y + second.height && second.y < first.y + first.height
    }

    private func holds(_ outer: Rect, _ inner: Rect) -> Bool {
        outer.x <= inner.x + 0.01 && outer.y <= inner.y + 0.01 && inner.x + inner.width <= outer.x + outer.width + 0.01
            && inner.y + inner.height <= outer.y + outer.height + 0.01
    }

    @Test(arguments: seeds)
    func `boxes and labels keep apart`(_ seed: UInt64) {
        let (outline, layout) = layout(seed)
        #expect(layout.boxes.map(\.node) == Array(outline.nodes.indices))
        let frames = layout.boxes.map(\.frame) + layout.lines.compactMap(\.labelFrame)
        let clashes = frames.indices.flatMap { first in
            frames.indices.dropFirst(first + 1).filter { overlap(frames[first], frames[$0]) }.map { (first, $0) }
        }
        #expect(clashes.isEmpty, "seed \(seed): \(clashes)")
        let all = Rect(x: 0, y: 0, width: layout.extent.width, height: layout.extent.height)
        #expect(frames.allSatisfy { holds(all, $0) }, "seed \(seed)")
    }

    @Test(arguments: seeds)
    func `a frame holds its loop and nothing else`(_ seed: UInt64) {
        let (outline, layout) = layout(seed)
        for frame in layout.frames {
            let header = outline.nodes[frame.header].id
            guard let loop = outline.loops.first(where: { $0.header == header }) else { continue }
            for box in layout.boxes {
                if loop.nodes.contains(outline.nodes[box.node].id) {
                    #expect(holds(frame.frame, box.frame), "seed \(seed)")
                } else {
                    #expect(!overlap(frame.frame, box.frame), "seed \(seed)")
                }
            }
        }
    }

    @Test(arguments: seeds)
    func `forward edges lead downwards, edges back upwards`(_ seed: UInt64) {
        let layout = layout(seed).layout
        for line in layout.lines {
            guard let source = line.edge.source, let target = line.edge.target else { continue }
            let (from, to) = (layout.boxes[source].frame, layout.boxes[target].frame)
            if line.edge.kind == .back {
                #expect(to.y <= from.y, "seed \(seed)")
            } else {
                #expect(from.y + from.height < to.y, "seed \(seed)")
            }
        }
    }

    @Test(arguments: seeds)
    func `lines touch only the boxes they connect`(_ seed: UInt64) {
        let layout = layout(seed).layout
        let insides = layout.boxes.map { box in
            Rect(x: box.frame.x + 1, y: box.frame.y + 1, width: box.frame.width - 2, height: box.frame.height - 2)
        }
        let crossed = layout.lines.filter { line in
            points(of: line.strokes).contains { point in
                let dot = Rect(x: point.x, y: point.y, width: 0, height: 0)
                return insides.contains { overlap($0, dot) }
            }
        }
        #expect(crossed.isEmpty, "seed \(seed): \(crossed.map(\.edge))")
    }

    @Test(arguments: seeds)
    func `every edge is drawn from its source to its target`(_ seed: UInt64) {
        let (outline, layout) = layout(seed)
        let drawn = Set(layout.lines.map { [$0.edge.source ?? -1, $0.edge.target ?? -1] })
        for edge in OutlineMap(outline).edges {
            #expect(drawn.contains([edge.source ?? -1, edge.target ?? -1]), "seed \(seed)")
        }
        for line in layout.lines where line.tip != nil {
            guard let target = line.edge.target else { continue }
            let box = layout.boxes[target].frame
            let grown = Rect(x: box.x - 1, y: box.y - 1, width: box.width + 2, height: box.height + 2)
            let tip = line.tip.map { Rect(x: $0.point.x, y: $0.point.y, width: 0, height: 0) }
            #expect(tip.map { overlap(grown, $0) } == true, "seed \(seed)")
        }
    }

    /// Points on a path, close enough to each other to meet any box it crosses.
    private func points(of strokes: [Stroke]) -> [Point] {
        var points: [Point] = []
        var here = Point(x: 0, y: 0)
        func mix(_ parts: [(Double, Point)]) -> Point {
            Point(x: parts.reduce(0) { $0 + $1.0 * $1.1.x }, y: parts.reduce(0) { $0 + $1.0 * $1.1.y })
        }
        for stroke in strokes {
            switch stroke {
            case .move(let end): here = end
            case .line(let end):
                points += (1...12).map { mix([(1 - Double($0) / 12, here), (Double($0) / 12, end)]) }
                here = end
            case .curve(let first, let second, let end):
                points += (1...12).map { step in
                    let (t, s) = (Double(step) / 12, 1 - Double(step) / 12)
                    return mix([(s * s * s, here), (3 * s * s * t, first), (3 * s * t * t, second), (t * t * t, end)])
                }
                here = end
            }
        }
        return points
    }

    @Test func `cycles that nobody declared are drawn too`() {
        let names = ["a", "b", "c", "d"]
        let edges = zip(names, names.dropFirst() + ["a"]).map { EdgeOutline(from: $0, to: $1) }
        let outline = GraphOutline(name: "ring", nodes: names.map { NodeOutline(id: $0) }, edges: edges, loops: [])
        let layout = OutlineLayout(outline) { _ in nil }
        #expect(layout.boxes.map(\.frame.y) == layout.boxes.map(\.frame.y).sorted())
        #expect(layout.lines.count == 4)
    }

    @Test func `a node without an exit ends its path`() {
        let outline = GraphOutline(
            name: "one", nodes: [NodeOutline(id: "a", exit: .none)], edges: [EdgeOutline(from: nil, to: "a")], loops: []
        )
        #expect(OutlineLayout(outline) { _ in nil }.marks.map(\.kind) == [.start, .end])
    }

    @Test func `cost follows the size of the graph, not the lengths of its edges`() {
        let count = 400
        var edges = (1..<count).map { EdgeOutline(from: "\($0 - 1)", to: "\($0)") }
        edges += (0..<count - 2).map { EdgeOutline(from: "\($0)", to: "\(count - 1)", label: "stop") }
        let outline = GraphOutline(
            name: "long", nodes: (0..<count).map { NodeOutline(id: "\($0)") }, edges: edges, loops: [])
        let layout = OutlineLayout(outline) { _ in nil }
        let strokes = layout.lines.reduce(0) { $0 + $1.strokes.count }
        #expect(strokes < 30 * (count + edges.count))
    }
}
