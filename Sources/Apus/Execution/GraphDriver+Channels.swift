extension GraphDriver {
    /// Makes visible what an activation sent.
    func deliver(_ handle: BranchHandle?, of node: Int) {
        guard let outbox = handle?.takeOutbox(), !outbox.isEmpty else { return }
        for (channel, value) in outbox { mailboxes[channel].deliver([value], from: node) }
    }

    /// Closes the channels whose senders have all ended.
    func closeChannels(_ machine: borrowing RunMachine) {
        for (number, channel) in channels.enumerated() {
            var isOpen = false
            for sender in channel.senders where machine.isOpen(sender, before: channel.reader) { isOpen = true }
            if !isOpen { mailboxes[number].close() }
        }
    }

    func closeChannels(_ shared: inout Shared) {
        guard !channels.isEmpty, let machine = shared.machine.take() else { return }
        closeChannels(machine)
        shared.machine = consume machine
    }
}
