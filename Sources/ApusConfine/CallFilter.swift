#if os(Linux)
    import CLinux
    import Glibc

    /// A program for the kernel that decides about each call of Linux by its number and, where needed, its arguments.
    ///
    /// What it denies fails with `EPERM`, so that a program can say what it was refused. Calls of another architecture, whose
    /// numbers mean something else, end it.
    struct CallFilter {
        private var code: [sock_filter] = []
        private let layers: Set<Layer>

        init(_ layers: Set<Layer>) {
            self.layers = layers
            begin()
            for call in Calls.always { on(call) { $0.allow() } }
            if layers.contains(.mountNamespace) { for call in Calls.ofOwnFiles { on(call) { $0.allow() } } }
            // Without these nothing keeps a signal from the processes around the program.
            if layers.contains(.processNamespace) || layers.contains(.landlockScopes) {
                for call in Calls.signalling { on(call) { $0.allow() } }
            }
            addConditions()
            deny()
        }

        /// Holds the calling process and its children to the filter, for ever.
        mutating func apply() throws(Failure) {
            let count = UInt16(code.count)
            let result = code.withUnsafeMutableBufferPointer { clinux_seccomp_filter($0.baseAddress, count) }
            try Failure.check(result, .seccomp)
        }

        private mutating func begin() {
            load(4)
            code.append(Self.jump(BPF_JEQ, clinux_architecture, hit: 1, miss: 0))
            answer(UInt32(SECCOMP_RET_KILL_PROCESS))
            load(0)
            #if arch(x86_64)
                // The calls of x32 share the architecture.
                code.append(Self.jump(BPF_JGE, 0x4000_0000, hit: 0, miss: 1))
                answer(UInt32(SECCOMP_RET_KILL_PROCESS))
            #endif
            on(435) { $0.refuse(ENOSYS) }
            code.append(Self.jump(BPF_JGE, Calls.newest, hit: 0, miss: 1))
            refuse(ENOSYS)
        }

        private mutating func deny() { refuse(EPERM) }

        private mutating func addConditions() {
            // Processes and threads, but no namespaces and no siblings.
            on(__NR_clone) { $0.allow(unlessAnyOf: 0x7e02_8000, in: 0) }
            // Pairs of connected streams, which an event loop wakes itself by: they reach nobody else.
            on(__NR_socketpair) { filter in
                filter.require(0, is: 1)
                filter.load(Self.argument(1))
                filter.code.append(Self.statement(BPF_ALU | BPF_AND | BPF_K, 0xf))
                filter.allow(ifOneOf: [1])
            }
            on(__NR_sendto) { filter in
                filter.require(4, is: 0)
                filter.load(Self.argument(4) + 4)
                filter.allow(ifOneOf: [0])
            }
            // Questions about a terminal, the flags of a descriptor, and how much can be read.
            on(__NR_ioctl) { $0.allow(ifOneOf: [0x5401, 0x5413, 0x541b, 0x5421, 0x5450, 0x5451], in: 1) }
            // Copies, flags and locks, but no owners, whom a descriptor sends signals.
            on(__NR_fcntl) { $0.allow(ifOneOf: [0, 1, 2, 3, 4, 5, 6, 7, 36, 37, 38, 1_030, 1_032], in: 1) }
            // The name of a thread, and the signal for when the parent dies.
            on(__NR_prctl) { $0.allow(ifOneOf: [1, 2, 3, 15, 16, 23, 0x5356_4d41], in: 0) }
            // Limits of the caller itself.
            on(__NR_prlimit64) { $0.allow(ifOneOf: [0], in: 0) }
        }
    }

    // MARK: - Instructions

    extension CallFilter {
        private static func statement(_ operation: Int32, _ value: UInt32) -> sock_filter {
            sock_filter(code: UInt16(operation), jt: 0, jf: 0, k: value)
        }

        private static func jump(_ condition: Int32, _ value: UInt32, hit: UInt8, miss: UInt8) -> sock_filter {
            sock_filter(code: UInt16(BPF_JMP | condition | BPF_K), jt: hit, jf: miss, k: value)
        }

        /// Where the lower half of an argument stands in what the kernel shows a filter.
        private static func argument(_ index: UInt32) -> UInt32 { 16 + 8 * index }

        private mutating func load(_ offset: UInt32) { code.append(Self.statement(BPF_LD | BPF_W | BPF_ABS, offset)) }

        private mutating func answer(_ value: UInt32) { code.append(Self.statement(BPF_RET | BPF_K, value)) }

        private mutating func allow() { answer(UInt32(SECCOMP_RET_ALLOW)) }

        private mutating func refuse(_ error: Int32) { answer(UInt32(SECCOMP_RET_ERRNO) | UInt32(error)) }

        /// What is done about a call; `body` has to end with an answer, whatever the arguments.
        private mutating func on(_ call: Int32, _ body: (inout CallFilter) -> Void) {
            let place = code.count
            code.append(Self.jump(BPF_JEQ, UInt32(call), hit: 0, miss: 0))
            body(&self)
            code[place].jf = UInt8(code.count - place - 1)
        }

        private mutating func require(_ argument: UInt32, is value: UInt32) {
            load(Self.argument(argument))
            code.append(Self.jump(BPF_JEQ, value, hit: 1, miss: 0))
            refuse(EPERM)
        }

        private mutating func allow(unlessAnyOf bits: UInt32, in argument: UInt32) {
            load(Self.argument(argument))
            code.append(Self.jump(BPF_JSET, bits, hit: 0, miss: 1))
            refuse(EPERM)
            allow()
        }

        private mutating func allow(ifOneOf values: [UInt32], in argument: UInt32) {
            load(Self.argument(argument))
            allow(ifOneOf: values)
        }

        private mutating func allow(ifOneOf values: [UInt32]) {
            for value in values {
                code.append(Self.jump(BPF_JEQ, value, hit: 0, miss: 1))
                allow()
            }
            refuse(EPERM)
        }
    }
#endif
