import Synchronization

extension GraphDriver {
    /// Puts the machine and the state where all branches reach them, and returns what is ready.
    func share(_ machine: inout RunMachine, _ state: StateBox) -> [Ready] {
        let ready = machine.takeReady()
        let held = machine.heldNodes()
        let isForked = ready.count + held.count > 1
        var transitions: [RunMachine.Transition] = []
        var scope = 0
        for node in ready {
            let loop = isForked ? plan.enclosing(node) : -1
            scope = loop >= 0 ? plan.scope(of: plan.nodeCount + loop) : plan.scope(of: node)
            if loop >= 0 { transitions.append(.loopStarted(loop)) }
            transitions.append(.ready(node))
        }
        for node in held {
            let loop = isForked ? plan.enclosing(node) : -1
            scope = loop >= 0 ? plan.scope(of: plan.nodeCount + loop) : plan.scope(of: node)
            if loop >= 0 { transitions.append(.loopStarted(loop)) }
            transitions.append(.held(node))
        }
        var moved = RunMachine(plan)
        swap(&machine, &moved)
        moved.isLogging = true
        var other: RunMachine? = consume moved
        var book = ChangeBook(plan, kit, scope: scope, state: state)
        let views = (try? book.follow(transitions, last: -1, state, isAlone: false)) ?? []
        return shared.withLock { shared in
            shared.machine = other.take()
            shared.book = book
            closeChannels(&shared)
            let batch = views.map { self.ready($0.node, $0.state, &shared) }
            if isStopped { shared.machine?.stop(.cancelling) }
            return batch
        }
    }

    /// How many branches get their tasks at once.
    private static var lot: Int { 64 }
    /// How many activations a task performs before it takes over no more, so that others have their turn.
    private static var takeovers: Int { 16 }

    /// Gives branches their tasks, lot by lot: each lot has its first turn before the next, and a branch that ends takes over one that
    /// has no task yet. So branches that never wait share a few tasks, and any other has one to itself.
    func start(_ batch: [Ready], in group: inout DiscardingTaskGroup) async {
        var lot = batch.prefix(Self.lot)
        if lot.count < batch.count { shared.withLock { $0.waiting = batch.dropFirst(Self.lot).reversed() } }
        while true {
            for ready in lot { group.addTask { await self.branch(ready) } }
            if lot.count == batch.count { return }
            await Task.yield()
            lot = shared.withLock { $0.takeWaiting(Self.lot) }
            if lot.isEmpty { return }
        }
    }

    /// Runs activations one after another in a task of the group, until another branch takes over and none waits for a task.
    func branch(_ first: Ready) async {
        var ready = first
        var performedCount = 0
        if isClosing.load(ordering: .relaxed), !admits(first) { return }
        while true {
            let node = ready.node
            let context = NodeContext(site: site, node: node, iteration: ready.iteration, extras: ready.extras)
            let limit = facts.traits[node].contains(.limited) && exceedsLimit(node)
            let performed = await perform(ready, context, exceedsLimit: limit)
            performedCount += 1
            let handle = ready.extras?.handle as? BranchHandle
            // A node that cancelled its own task must not cancel another branch with it.
            let takesOver = performedCount < Self.takeovers && !Task.isCancelled
            let continuation =
                handle?.isCompleted == true
                ? endRest(node) : commit(performed, of: ready, context, takesOver: takesOver)
            if let journal = core.journal, !(await stored(continuation, journal)) { return }
            switch continuation {
            case .with(let following): ready = following
            case .stop: return
            case .alone(let node, let state):
                guard let more = await goAlone(node, state) else { return }
                ready = more
            }
        }
    }

    /// Whether a node that was handed out may still start; if not, it counts as ended.
    func admits(_ ready: Ready) -> Bool {
        let (isAdmitted, wake) = shared.withLock { shared -> (Bool, Wake?) in
            if shared.machine?.phase == .running { return (true, nil) }
            let next = shared.machine?.cancelled(ready.node) ?? .wait
            _ = proceed(next, nil, nil, nil, &shared)
            return (false, shared.takeWake())
        }
        wake?.perform()
        if !isAdmitted, core.journal != nil { core.activity.less() }
        return isAdmitted
    }

    private func exceedsLimit(_ node: Int) -> Bool {
        shared.withLock { $0.machine?.exceedsLimit(node) ?? false }
    }

    /// Takes the machine out, runs the only branch, and puts the machine back.
    private func goAlone(_ node: Int, _ start: StateBox) async -> Ready? {
        var machine = shared.withLock { shared in
            shared.book = nil
            return shared.machine.take() ?? RunMachine(plan)
        }
        machine.isLogging = false
        let (ending, state) = await runAlone(&machine, from: start, node)
        if case .opened = ending {
            var batch = share(&machine, state)
            let first = batch.isEmpty ? nil : batch.removeFirst()
            let rest = batch
            if let journal = core.journal {
                core.activity.less()
                if !(await settle(journal)) {
                    // All that could follow counts as ended, or the graph would wait for it.
                    for ready in [first].compactMap(\.self) + rest { _ = admits(ready) }
                    return nil
                }
            }
            shared.withLock { shared in
                if !rest.isEmpty { shared.orders.append(.start(rest)) }
                return shared.takeWake()
            }?.perform()
            return first
        }
        shared.withLock { shared in
            if case .failed(let error) = ending {
                shared.result = .failure(error)
            } else {
                shared.result = .success(state)
            }
            // What this branch counted for is now the owner's.
            return shared.takeWake()
        }?.perform()
        return nil
    }
}
