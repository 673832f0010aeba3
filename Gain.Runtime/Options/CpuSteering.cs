namespace Gain;

/// <summary>
/// How the kernel is told to give each connection to the worker on the CPU where its packets arrive.
/// </summary>
public enum CpuSteering
{
    /// <summary>
    /// No steering: the kernel spreads connections over the workers by a hash of the addresses.
    /// </summary>
    None,

    /// <summary>
    /// A packet filter on the group of listening sockets (SO_ATTACH_REUSEPORT_CBPF) looks the CPU up.
    /// </summary>
    PacketFilter,

    /// <summary>
    /// Each worker's listening socket names its CPU (SO_INCOMING_CPU). Since Linux 6.1; earlier kernels
    /// ignore it.
    /// </summary>
    IncomingCpu,
}
