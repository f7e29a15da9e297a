extension RunMachine {
    /// Writes down what differs from a machine that has not begun: `a` how many are active, `u` units with what they wait for and
    /// their marks, `l` scopes with what is open, their round and whether it is followed by another, `e` edges that are taken when
    /// their loop has ended.
    func write(to writer: inout JSONWriter) {
        let fresh = RunMachine(plan)
        writer.object { object in
            object.key("a")
            object.number(active)
            object.key("u")
            object.array { list in
                for unit in 0..<(plan.nodeCount + plan.loopCount) where !isSame(cells[unit], fresh.cells[unit]) {
                    list.numbers([unit, Int(cells[unit].pending), Int(cells[unit].holds), Int(cells[unit].marks)])
                }
            }
            object.key("l")
            object.array { list in
                for scope in 0...plan.loopCount {
                    list.numbers([Int(frames[scope].open), Int(frames[scope].iteration), frames[scope].again ? 1 : 0])
                }
            }
            object.key("e")
            object.numbers((0..<plan.edges.count).filter { chosen[$0] })
        }
    }

    private func isSame(_ one: Cell, _ other: Cell) -> Bool {
        one.pending == other.pending && one.holds == other.holds && one.marks == other.marks
    }

    /// The machine that was written down for the same plan.
    init(_ plan: GraphPlan, from reader: inout JSONReader) throws(JSONReader.Malformed) {
        self.init(plan)
        var (active, scope) = (0, 0)
        let (cells, frames, chosen) = (cells, frames, chosen)
        try reader.object { key, reader throws(JSONReader.Malformed) in
            switch key {
            case "a": active = Int(truncatingIfNeeded: try reader.integer())
            case "u":
                try reader.array { reader throws(JSONReader.Malformed) in
                    let row = try reader.integers()
                    guard row.count == 4, (0..<(plan.nodeCount + plan.loopCount)).contains(row[0]) else {
                        throw JSONReader.Malformed(offset: 0, expected: "a unit of the graph")
                    }
                    cells[row[0]] = Cell(
                        pending: Int32(truncatingIfNeeded: row[1]), holds: Int32(truncatingIfNeeded: row[2]),
                        marks: UInt16(truncatingIfNeeded: row[3]))
                }
            case "l":
                try reader.array { reader throws(JSONReader.Malformed) in
                    let row = try reader.integers()
                    guard row.count == 3, scope <= plan.loopCount else {
                        throw JSONReader.Malformed(offset: 0, expected: "a scope of the graph")
                    }
                    frames[scope] = Frame(
                        open: Int32(truncatingIfNeeded: row[0]), iteration: Int32(truncatingIfNeeded: row[1]),
                        again: row[2] == 1)
                    scope += 1
                }
            default:
                for edge in try reader.integers() where (0..<plan.edges.count).contains(edge) { chosen[edge] = true }
            }
        }
        self.active = active
    }
}

extension JSONWriter {
    mutating func numbers(_ values: [Int]) { array { list in for value in values { list.number(value) } } }
}

extension JSONReader {
    mutating func integers() throws(Malformed) -> [Int] {
        var values: [Int] = []
        try array { reader throws(Malformed) in values.append(Int(truncatingIfNeeded: try reader.integer())) }
        return values
    }
}
