/// Sorts spans into groups by node, and packs each group into lanes.
enum TimelineLanes {
    static func groups(of spans: [RunTimeline.Span]) -> [RunTimeline.Group] {
        var position: [[String]: Int] = [:]
        var groups: [RunTimeline.Group] = []
        var members: [[RunTimeline.Span]] = []
        for span in spans {
            let path = span.bars.first?.activation.nodePath ?? []
            if let known = position[path] {
                members[known].append(span)
            } else {
                position[path] = groups.count
                groups.append(.init(path: path, lanes: []))
                members.append([span])
            }
        }
        for group in groups.indices { groups[group].lanes = lanes(of: members[group]) }
        return nested(groups, position)
    }

    /// Puts each span into the first lane that is free when it starts.
    private static func lanes(of spans: [RunTimeline.Span]) -> [[RunTimeline.Span]] {
        var lanes: [[RunTimeline.Span]] = []
        for span in spans.enumerated().sorted(by: { ($0.element.start, $0.offset) < ($1.element.start, $1.offset) }) {
            let free = lanes.firstIndex { lane in
                lane.last.map { $0.end <= span.element.start && $0.start < span.element.start } ?? true
            }
            if let free {
                lanes[free].append(span.element)
            } else {
                lanes.append([span.element])
            }
        }
        return lanes
    }

    /// The groups, each followed by those on whose way it lies.
    private static func nested(_ groups: [RunTimeline.Group], _ position: [[String]: Int]) -> [RunTimeline.Group] {
        var children: [[Int]] = Array(repeating: [], count: groups.count)
        var roots: [Int] = []
        for (index, group) in groups.enumerated() {
            var path = group.path
            var parent: Int?
            while path.count > 1, parent == nil {
                path.removeLast()
                parent = position[path]
            }
            if let parent {
                children[parent].append(index)
            } else {
                roots.append(index)
            }
        }
        var result: [RunTimeline.Group] = []
        var stack = roots.reversed().map { (group: $0, depth: 0) }
        while let (group, depth) = stack.popLast() {
            var value = groups[group]
            value.depth = depth
            result.append(value)
            stack += children[group].reversed().map { ($0, depth + 1) }
        }
        return result
    }
}
