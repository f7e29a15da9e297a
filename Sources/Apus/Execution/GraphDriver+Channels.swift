extension GraphDriver {
    /// Makes visible what an activation sent.
    func deliver(_ outbox: [Outbox.Letter], of node: Int, in rounds: [Int]) {
        if outbox.isEmpty { return }
        let place = place(of: node, in: rounds)
        for letter in outbox {
            let depth = channels[letter.channel].reader.map { sharedLoops(node, $0) } ?? 0
            mailboxes[letter.channel].deliver(letter.value, from: place, in: Array(rounds.prefix(depth)))
        }
    }

    /// The place of an activation in graph order: for each loop around it its place and its round, then the node's own.
    private func place(of node: Int, in rounds: [Int]) -> [Int] {
        var place: [Int] = []
        for (loop, round) in zip(plan.loops(around: node).reversed(), rounds) {
            place += [Int(plan.units[plan.nodeCount + loop].place), round]
        }
        return place + [Int(plan.units[node].place)]
    }

    /// How many loops stand around both nodes.
    private func sharedLoops(_ sender: Int, _ reader: Int) -> Int {
        let others = plan.loops(around: reader)
        return plan.loops(around: sender).count { others.contains($0) && plan.headers[$0] >= 0 }
    }

    /// Notes which channels have senders that have not ended.
    func closeChannels(_ machine: borrowing RunMachine) {
        for (number, channel) in channels.enumerated() {
            var isOpen = false
            for sender in channel.senders where machine.isOpen(sender, before: channel.reader) { isOpen = true }
            mailboxes[number].set(isOpen: isOpen)
        }
    }

    func closeChannels(_ shared: inout Shared) {
        guard !channels.isEmpty, let machine = shared.machine.take() else { return }
        closeChannels(machine)
        shared.machine = consume machine
    }
}
