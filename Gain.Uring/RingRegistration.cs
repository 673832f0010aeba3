using Gain.Kernel;

namespace Gain.Uring;

/// <summary>
/// What can be registered with a ring (<c>IORING_REGISTER_*</c>), to restrict it. See io_uring_register(2).
/// </summary>
public enum RingRegistration : byte
{
    /// <summary>Buffers. Linux 5.1.</summary>
    RegisterBuffers = (byte)IORING_REGISTER.IORING_REGISTER_BUFFERS,

    /// <summary>Unregisters buffers. Linux 5.1.</summary>
    UnregisterBuffers = (byte)IORING_REGISTER.IORING_UNREGISTER_BUFFERS,

    /// <summary>Files. Linux 5.1.</summary>
    RegisterFiles = (byte)IORING_REGISTER.IORING_REGISTER_FILES,

    /// <summary>Unregisters files. Linux 5.1.</summary>
    UnregisterFiles = (byte)IORING_REGISTER.IORING_UNREGISTER_FILES,

    /// <summary>An eventfd that completions signal. Linux 5.2.</summary>
    RegisterEventFd = (byte)IORING_REGISTER.IORING_REGISTER_EVENTFD,

    /// <summary>Unregisters the eventfd. Linux 5.2.</summary>
    UnregisterEventFd = (byte)IORING_REGISTER.IORING_UNREGISTER_EVENTFD,

    /// <summary>Other files. Linux 5.5.</summary>
    FilesUpdate = (byte)IORING_REGISTER.IORING_REGISTER_FILES_UPDATE,

    /// <summary>An eventfd that completions of workers signal. Linux 5.6.</summary>
    RegisterEventFdAsync = (byte)IORING_REGISTER.IORING_REGISTER_EVENTFD_ASYNC,

    /// <summary>Which operations there are. Linux 5.6.</summary>
    Probe = (byte)IORING_REGISTER.IORING_REGISTER_PROBE,

    /// <summary>Credentials. Linux 5.6.</summary>
    RegisterPersonality = (byte)IORING_REGISTER.IORING_REGISTER_PERSONALITY,

    /// <summary>Unregisters credentials. Linux 5.6.</summary>
    UnregisterPersonality = (byte)IORING_REGISTER.IORING_UNREGISTER_PERSONALITY,

    /// <summary>What the ring may do. Linux 5.10.</summary>
    Restrictions = (byte)IORING_REGISTER.IORING_REGISTER_RESTRICTIONS,

    /// <summary>The ring starts. Linux 5.10.</summary>
    EnableRings = (byte)IORING_REGISTER.IORING_REGISTER_ENABLE_RINGS,

    /// <summary>Files with tags, or empty places. Linux 5.13.</summary>
    RegisterFiles2 = (byte)IORING_REGISTER.IORING_REGISTER_FILES2,

    /// <summary>Other files, with tags. Linux 5.13.</summary>
    FilesUpdate2 = (byte)IORING_REGISTER.IORING_REGISTER_FILES_UPDATE2,

    /// <summary>Buffers with tags, or empty places. Linux 5.13.</summary>
    RegisterBuffers2 = (byte)IORING_REGISTER.IORING_REGISTER_BUFFERS2,

    /// <summary>Other buffers. Linux 5.13.</summary>
    BuffersUpdate = (byte)IORING_REGISTER.IORING_REGISTER_BUFFERS_UPDATE,

    /// <summary>The CPUs of the kernel's workers. Linux 5.14.</summary>
    WorkerAffinity = (byte)IORING_REGISTER.IORING_REGISTER_IOWQ_AFF,

    /// <summary>Any CPU for the kernel's workers. Linux 5.14.</summary>
    UnregisterWorkerAffinity = (byte)IORING_REGISTER.IORING_UNREGISTER_IOWQ_AFF,

    /// <summary>How many workers the kernel may have. Linux 5.15.</summary>
    WorkerLimits = (byte)IORING_REGISTER.IORING_REGISTER_IOWQ_MAX_WORKERS,

    /// <summary>The ring's own descriptor. Linux 5.18.</summary>
    RegisterDescriptors = (byte)IORING_REGISTER.IORING_REGISTER_RING_FDS,

    /// <summary>Unregisters the ring's own descriptor. Linux 5.18.</summary>
    UnregisterDescriptors = (byte)IORING_REGISTER.IORING_UNREGISTER_RING_FDS,

    /// <summary>A buffer ring. Linux 5.19.</summary>
    RegisterBufferRing = (byte)IORING_REGISTER.IORING_REGISTER_PBUF_RING,

    /// <summary>Unregisters a buffer ring. Linux 5.19.</summary>
    UnregisterBufferRing = (byte)IORING_REGISTER.IORING_UNREGISTER_PBUF_RING,

    /// <summary>Cancels, and waits for it. Linux 6.0.</summary>
    SyncCancel = (byte)IORING_REGISTER.IORING_REGISTER_SYNC_CANCEL,

    /// <summary>Where free places are looked for. Linux 6.0.</summary>
    FileAllocationRange = (byte)IORING_REGISTER.IORING_REGISTER_FILE_ALLOC_RANGE,

    /// <summary>Where the kernel is in a buffer ring. Linux 6.8.</summary>
    BufferRingStatus = (byte)IORING_REGISTER.IORING_REGISTER_PBUF_STATUS,

    /// <summary>Busy polling of network cards. Linux 6.9.</summary>
    RegisterNapi = (byte)IORING_REGISTER.IORING_REGISTER_NAPI,

    /// <summary>Ends busy polling. Linux 6.9.</summary>
    UnregisterNapi = (byte)IORING_REGISTER.IORING_UNREGISTER_NAPI,

    /// <summary>The clock of waits. Linux 6.12.</summary>
    Clock = (byte)IORING_REGISTER.IORING_REGISTER_CLOCK,

    /// <summary>Another ring's buffers. Linux 6.12.</summary>
    CloneBuffers = (byte)IORING_REGISTER.IORING_REGISTER_CLONE_BUFFERS,

    /// <summary>A message to a ring, without a ring. Linux 6.13.</summary>
    SendMessage = (byte)IORING_REGISTER.IORING_REGISTER_SEND_MSG_RING,

    /// <summary>A queue of a network card. Linux 6.15.</summary>
    ZeroCopyReceiveQueue = (byte)IORING_REGISTER.IORING_REGISTER_ZCRX_IFQ,

    /// <summary>Other sizes. Linux 6.13.</summary>
    ResizeRings = (byte)IORING_REGISTER.IORING_REGISTER_RESIZE_RINGS,

    /// <summary>A region of memory, as for waits. Linux 6.13.</summary>
    MemoryRegion = (byte)IORING_REGISTER.IORING_REGISTER_MEM_REGION,

    /// <summary>What the kernel has. Linux 6.18.</summary>
    Query = (byte)IORING_REGISTER.IORING_REGISTER_QUERY,

    /// <summary>Control of a registered queue. Linux 6.19.</summary>
    ZeroCopyReceiveControl = (byte)IORING_REGISTER.IORING_REGISTER_ZCRX_CTRL,

    /// <summary>A filter of submissions. Newer than Linux 6.19.</summary>
    BpfFilter = (byte)IORING_REGISTER.IORING_REGISTER_BPF_FILTER,
}
