namespace Gain;

/// <summary>
/// How the kernel is told to give a connection to the worker on the CPU that its packets arrive on.
/// </summary>
public enum CpuSteering
{
    /// <summary>
    /// It is not: the kernel spreads connections over the workers by a hash of the addresses.
    /// </summary>
    None,

    /// <summary>
    /// A packet filter on the group of listening sockets (SO_ATTACH_REUSEPORT_CBPF) looks the CPU up.
    /// </summary>
    PacketFilter,

    /// <summary>
    /// Each worker's listening socket names its CPU (SO_INCOMING_CPU). Since Linux 6.1; earlier kernels would
    /// pay no attention to it.
    /// </summary>
    IncomingCpu,
}
