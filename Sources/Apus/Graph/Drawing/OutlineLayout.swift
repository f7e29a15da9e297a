/// An outline with a place for everything in it.
struct OutlineLayout: Sendable {
    struct Box: Sendable {
        /// The position of the node in its outline.
        var node: Int
        var frame: Rect
        var content: BoxContent
    }

    /// The border around a loop.
    struct Frame: Sendable {
        var header: Int
        var frame: Rect
    }

    struct Line: Sendable {
        var edge: OutlineMap.Edge
        var labels: [String]
        var strokes: [Stroke]
        var tip: Tip?
        var labelFrame: Rect?
    }

    struct Mark: Sendable {
        enum Kind: Sendable { case start, end, finish }

        var kind: Kind
        var center: Point
    }

    var boxes: [Box] = []
    /// Outer loops before inner ones.
    var frames: [Frame] = []
    var lines: [Line] = []
    var marks: [Mark] = []
    var extent = Extent(width: 0, height: 0)

    /// Lays the graph out in time all but proportional to its nodes, edges and the nodes its loops list.
    ///
    /// - Parameter note: what to write below the name of the node at a path.
    init(_ outline: GraphOutline, path: [String] = [], note: ([String]) -> String?) {
        let contents = outline.nodes.map { node in
            let path = path + [node.id]
            let inner = node.inner.map { OutlineLayout($0, path: path, note: note) }
            return BoxContent(node, note: note(path), inner: inner)
        }
        var plan = LayoutPlan(outline, contents)
        plan.solve()
        self = plan.assembled()
    }

    init() {}
}
