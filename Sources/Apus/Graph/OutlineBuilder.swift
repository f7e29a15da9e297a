/// Draws the outline of a graph from its analysis.
struct OutlineBuilder {
    private let name: String
    private let shape: GraphShape
    private let units: GraphUnits

    init(_ name: String, _ shape: GraphShape, _ units: GraphUnits) {
        self.name = name
        self.shape = shape
        self.units = units
    }

    func outline<State>(_ contents: GraphDraft<State>.Contents) -> GraphOutline {
        let nodes = shape.names.indices.map { node in
            let draft = contents.nodes[node]
            return NodeOutline(id: shape.names[node], kind: draft.kind, exit: exit(node), inner: draft.inner)
        }
        return GraphOutline(
            name: name, nodes: nodes, edges: edges(), loops: loops(),
            relations: relations(contents.channels, contents.constraints))
    }

    private func relations(_ channels: [DraftChannel], _ constraints: TimeConstraints) -> [RelationOutline] {
        let sent = channels.flatMap { channel in
            channel.reader.map { reader in
                channel.senders.map { relation($0, .sends, reader, channel.name) }
            } ?? []
        }
        let ordered = constraints.milestones.flatMap { milestone in
            [
                relation(milestone.after, .precedes, milestone.node),
                relation(milestone.node, .leads, milestone.before),
            ]
        }
        let cancelled = constraints.regions.flatMap { region in
            region.members.map { relation(region.trigger, .cancels, $0) }
        }
        return sent + ordered + cancelled
    }

    private func relation(
        _ source: Int, _ kind: RelationOutline.Kind, _ target: Int, _ label: String? = nil
    ) -> RelationOutline {
        RelationOutline(shape.names[source], kind, shape.names[target], label: label)
    }

    private func exit(_ node: Int) -> NodeOutline.Exit {
        let exit = shape.exits[node]
        switch exit.kind {
        case .none: return .none
        case .always: return exit.cases[0].finishes ? .finish : .always
        case .route: return .route
        case .select: return .select
        }
    }

    private func edges() -> [EdgeOutline] {
        var found: [EdgeOutline] = []
        for start in shape.starts {
            for target in start.targets {
                found.append(EdgeOutline(from: nil, to: shape.names[target], label: start.label))
            }
        }
        for node in 0..<shape.count {
            let exit = shape.exits[node]
            var numbers = units.shapeEdges.row(node).makeIterator()
            for (number, one) in exit.allCases.enumerated() {
                let isFailure = exit.failure != nil && number == exit.cases.count
                for target in one.targets {
                    let isBack = numbers.next().map { units.edges[$0].isBack } ?? false
                    found.append(
                        EdgeOutline(
                            from: shape.names[node], to: shape.names[target],
                            kind: isFailure ? .failure : (isBack ? .back : .forward), label: isFailure ? nil : one.label
                        ))
                }
                if one.targets.isEmpty, exit.kind != .none {
                    found.append(
                        EdgeOutline(from: shape.names[node], to: nil, label: one.label, finishes: one.finishes))
                }
            }
        }
        return found
    }

    private func loops() -> [LoopOutline] {
        units.forest.loops.map { loop in
            let members = (loop.core + loop.sides).sorted()
            return LoopOutline(header: shape.names[loop.header ?? loop.core[0]], nodes: members.map { shape.names[$0] })
        }
    }
}
