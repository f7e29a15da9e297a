/// 128 bits that tell the states of a machine apart, the same on every machine.
struct MachineSignature: Hashable, Sendable {
    private var high: UInt64 = 0x243F_6A88_85A3_08D3
    private var low: UInt64 = 0x1319_8A2E_0370_7344

    mutating func add(_ value: Int) {
        let word = UInt64(bitPattern: Int64(value)) &+ 0x9E37_79B9_7F4A_7C15
        high = (high ^ word) &* 0xBF58_476D_1CE4_E5B9
        high ^= high >> 29
        low = (low &+ word) &* 0x94D0_49BB_1331_11EB
        low ^= low >> 32
    }
}

extension RunMachine {
    /// Adds what the future of the units that matter depends on, and nothing else: two ways to the same future look equal.
    func sign(_ signature: inout MachineSignature, where matters: [Bool]) {
        for scope in 0...plan.loopCount {
            let isRunning = scope == 0 || frames[scope].open > 0
            signature.add(isRunning ? -1 : -2)
            if isRunning, scope > 0 {
                signature.add(Int(frames[scope].iteration))
                signature.add(frames[scope].again ? 1 : 0)
            }
            for member in plan.members[scope] where matters[Int(member)] {
                sign(&signature, Int(member), isRunning: isRunning)
            }
        }
        for index in 0..<plan.edges.count where chosen[index] { signature.add(index) }
    }

    private func sign(_ signature: inout MachineSignature, _ unit: Int, isRunning: Bool) {
        let cell = cells[unit]
        let lasting = cell.marks & (Mark.cancelled | Mark.completedEarly)
        if !isRunning {
            if lasting != 0 { signature.add(unit << 16 | Int(lasting)) }
            return
        }
        if cell.marks & Mark.ended != 0 { return signature.add(-3) }
        signature.add(Int(cell.pending) << 32 | Int(cell.holds) << 16 | Int(cell.marks))
    }
}

extension RunMachine {
    func isEnded(_ unit: Int) -> Bool { cells[unit].marks & Mark.ended != 0 }
    func isStarted(_ unit: Int) -> Bool { cells[unit].marks & Mark.started != 0 }
    func isBegun(_ node: Int) -> Bool { cells[node].marks & Mark.begun != 0 }
    func isHeld(_ unit: Int) -> Bool { cells[unit].marks & Mark.waiting != 0 }
    /// Whether some branch came to the unit.
    func isTaken(_ unit: Int) -> Bool { cells[unit].marks & Mark.taken != 0 }

    func isRunning(loop: Int) -> Bool { frames[loop + 1].open > 0 }

    /// The unit that stands for `unit` in the innermost scope around it that is running.
    func standing(of unit: Int) -> Int {
        var unit = unit
        var found = unit
        while plan.scope(of: unit) > 0 {
            let scope = plan.scope(of: unit)
            unit = plan.nodeCount + scope - 1
            if frames[scope].open == 0 { found = unit }
        }
        return found
    }
}
