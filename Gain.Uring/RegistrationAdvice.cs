using Gain.Kernel;
using static Gain.Kernel.IORING_REGISTER;

namespace Gain.Uring;

/// <summary>The likely cause of an errno of io_uring_register(2), and what to do about it.</summary>
internal static unsafe class RegistrationAdvice
{
    internal static string For(uint operation, int errno)
    {
        uint known = KnownRegistrations();
        string since = Since(operation);
        if (errno == Errno.EINVAL)
        {
            return known == 0
                ? $"The kernel does not have it (it needs {since}), or refuses what was given."
                : operation >= known
                    ? $"This kernel does not have it: it needs {since}."
                    : "The kernel has it and refuses what was given; see io_uring_register(2).";
        }

        return errno switch
        {
            Errno.ENOMEM => "It does not fit into what the user may lock (`ulimit -l`), or memory is short.",
            Errno.EFAULT => "Some of the memory is not mapped, or not of a kind that can be registered.",
            Errno.EBUSY => "There is one registered already, or it is in use: unregister it first.",
            Errno.EEXIST => "There is one already.",
            Errno.ENXIO => "None is registered.",
            Errno.ENOENT => "There is nothing that matches.",
            Errno.EBADF => "A descriptor is not open, or is of the wrong kind.",
            Errno.EBADFD => "It needs a ring that is disabled (RingSetupFlags.Disabled) and not yet enabled.",
            Errno.EMFILE => "More files than the process may open: raise `ulimit -n`.",
            Errno.EPERM => "It needs a privilege that the process lacks (CAP_NET_ADMIN for network queues).",
            Errno.EACCES => "The ring's restrictions forbid it.",
            Errno.EOPNOTSUPP => "This ring, its flags, or the device cannot do it.",
            Errno.EOVERFLOW => "The numbers are out of range.",
            Errno.ENODEV => "There is no such network interface.",
            _ => "This is unexpected; see io_uring_register(2).",
        };
    }

    // How many kinds of registration the kernel has; 0 when it cannot tell (before 6.18).
    private static uint KnownRegistrations() =>
        Ring.TryQuery(out RingQuery query) ? query.RegistrationCount : 0;

    private static string Since(uint operation) => operation switch
    {
        IORING_REGISTER_BUFFERS => "Linux 5.1 or newer",
        IORING_UNREGISTER_BUFFERS => "Linux 5.1 or newer",
        IORING_REGISTER_FILES => "Linux 5.1 or newer",
        IORING_UNREGISTER_FILES => "Linux 5.1 or newer",
        IORING_REGISTER_EVENTFD => "Linux 5.2 or newer",
        IORING_UNREGISTER_EVENTFD => "Linux 5.2 or newer",
        IORING_REGISTER_FILES_UPDATE => "Linux 5.5 or newer",
        IORING_REGISTER_EVENTFD_ASYNC => "Linux 5.6 or newer",
        IORING_REGISTER_PROBE => "Linux 5.6 or newer",
        IORING_REGISTER_PERSONALITY => "Linux 5.6 or newer",
        IORING_UNREGISTER_PERSONALITY => "Linux 5.6 or newer",
        IORING_REGISTER_RESTRICTIONS => "Linux 5.10 or newer",
        IORING_REGISTER_ENABLE_RINGS => "Linux 5.10 or newer",
        IORING_REGISTER_FILES2 => "Linux 5.13 or newer",
        IORING_REGISTER_FILES_UPDATE2 => "Linux 5.13 or newer",
        IORING_REGISTER_BUFFERS2 => "Linux 5.13 or newer",
        IORING_REGISTER_BUFFERS_UPDATE => "Linux 5.13 or newer",
        IORING_REGISTER_IOWQ_AFF => "Linux 5.14 or newer",
        IORING_UNREGISTER_IOWQ_AFF => "Linux 5.14 or newer",
        IORING_REGISTER_IOWQ_MAX_WORKERS => "Linux 5.15 or newer",
        IORING_REGISTER_RING_FDS => "Linux 5.18 or newer",
        IORING_UNREGISTER_RING_FDS => "Linux 5.18 or newer",
        IORING_REGISTER_PBUF_RING => "Linux 5.19 or newer",
        IORING_UNREGISTER_PBUF_RING => "Linux 5.19 or newer",
        IORING_REGISTER_SYNC_CANCEL => "Linux 6.0 or newer",
        IORING_REGISTER_FILE_ALLOC_RANGE => "Linux 6.0 or newer",
        IORING_REGISTER_PBUF_STATUS => "Linux 6.8 or newer",
        IORING_REGISTER_NAPI => "Linux 6.9 or newer",
        IORING_UNREGISTER_NAPI => "Linux 6.9 or newer",
        IORING_REGISTER_CLOCK => "Linux 6.12 or newer",
        IORING_REGISTER_CLONE_BUFFERS => "Linux 6.12 or newer",
        IORING_REGISTER_SEND_MSG_RING => "Linux 6.13 or newer",
        IORING_REGISTER_ZCRX_IFQ => "Linux 6.15 or newer",
        IORING_REGISTER_RESIZE_RINGS => "Linux 6.13 or newer",
        IORING_REGISTER_MEM_REGION => "Linux 6.13 or newer",
        IORING_REGISTER_QUERY => "Linux 6.18 or newer",
        IORING_REGISTER_ZCRX_CTRL => "Linux 6.19 or newer",
        _ => "a Linux newer than 6.19",
    };
}
