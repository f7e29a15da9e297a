extension LayoutPlan {
    /// Moves what was solved for each cluster to its place in the whole.
    func assembled() -> OutlineLayout {
        var layout = OutlineLayout()
        layout.extent = solutions[0].extent
        var origins = [Point(x: 0, y: 0)]
        for (index, cluster) in map.clusters.enumerated().dropFirst() {
            let parent = cluster.parent ?? 0
            let unit = unitOfCluster[index]
            let value = problems[parent].units[unit]
            let corner = solutions[parent].units[unit].moved(by: origins[parent]).moved(by: Point(x: -value.left, y: 0))
            let frame = Rect(x: corner.x, y: corner.y, width: value.left + value.right, height: value.height)
            layout.frames.append(.init(header: cluster.header ?? 0, frame: frame))
            origins.append(corner.moved(by: Point(x: Self.padding, y: 0)))
        }
        layout.boxes = outline.nodes.indices.map { node in
            let home = map.home[node]
            let place = solutions[home].units[unitOfNode[node]].moved(by: origins[home])
            let extent = contents[node].extent
            let frame = Rect(x: place.x - extent.width / 2, y: place.y, width: extent.width, height: extent.height)
            return .init(node: node, frame: frame, content: contents[node])
        }
        layout.lines = lines(origins)
        layout.marks = marks(origins)
        return layout
    }

    private func lines(_ origins: [Point]) -> [OutlineLayout.Line] {
        var lines = entries.map { entry in
            var edge = edges[entry.edge].edge
            edge.kind = problems[entry.piece.cluster].links[entry.piece.link].kind
            return line(edge, [], [entry.piece], origins)
        }
        for index in edges.indices {
            lines.append(line(edges[index].edge, edges[index].labels, pieces[index], origins))
        }
        return lines
    }

    private func line(
        _ edge: OutlineMap.Edge, _ labels: [String], _ pieces: [Piece], _ origins: [Point]
    ) -> OutlineLayout.Line {
        var line = OutlineLayout.Line(edge: edge, labels: labels, strokes: [])
        for piece in pieces {
            let origin = origins[piece.cluster]
            let route = solutions[piece.cluster].routes[piece.link]
            line.strokes += route.strokes.dropFirst(line.strokes.isEmpty ? 0 : 1).map { $0.moved(by: origin) }
            line.tip = route.tip.map { Tip(point: $0.point.moved(by: origin), direction: $0.direction) }
            if let frame = route.label { line.labelFrame = frame.moved(by: origin) }
        }
        return line
    }

    private func marks(_ origins: [Point]) -> [OutlineLayout.Mark] {
        var marks: [OutlineLayout.Mark] = []
        if hasStart {
            let top = solutions[0].units[0]
            marks.append(.init(kind: .start, center: Point(x: top.x, y: top.y + 8)))
        }
        for (solution, origin) in zip(solutions, origins) {
            for end in solution.ends {
                marks.append(.init(kind: end.finish ? .finish : .end, center: end.center.moved(by: origin)))
            }
        }
        return marks
    }
}
