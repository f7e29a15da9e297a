/// One thing that confines a program; the library that starts this one knows them by the same names.
enum Layer: String, CaseIterable {
    /// No privileges, none to be had, and not the machine's first user.
    case unprivileged
    case userNamespace, mountNamespace, processNamespace, networkNamespace, ipcNamespace
    /// Which files may be read, executed and written.
    case landlock
    case landlockNetwork
    /// No signals and abstract sockets beyond the program and its children.
    case landlockScopes
    /// Which calls of Linux may be made.
    case seccomp
}
