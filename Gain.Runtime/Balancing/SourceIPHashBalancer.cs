namespace Gain;

/// <summary>
/// Picks the same worker for all connections of an address, whatever their ports, so a worker finds the state
/// of its clients again. An IPv4 address is the same as its IPv4-mapped IPv6 address. The pick depends only
/// on the address and the number of workers, so it outlives restarts. Clients behind one NAT all go to one
/// worker. Clients of Unix sockets, which have no address, go to one worker after the other.
/// </summary>
public struct SourceIPHashBalancer : IBalancer
{
    private RoundRobinBalancer _withoutAddress;

    /// <inheritdoc/>
    [AllocationFree]
    public int Pick(GainAddress peer, WorkerLoads loads) =>
        peer.Kind is GainAddressKind.IPv4 or GainAddressKind.IPv6
            ? (int)(((UInt128)Mix(peer.Bits) * (uint)loads.Count) >> 64)
            : _withoutAddress.Pick(peer, loads);

    // The finalizer of SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014),
    // once for each half: every bit of the address changes each bit of the result with a chance of a half, so
    // that the neighbours in one network spread over all workers.
    private static ulong Mix(UInt128 address) => Mix(Mix((ulong)(address >> 64)) ^ (ulong)address);

    private static ulong Mix(ulong bits)
    {
        bits += 0x9E37_79B9_7F4A_7C15;
        bits = (bits ^ (bits >> 30)) * 0xBF58_476D_1CE4_E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D0_49BB_1331_11EB;
        return bits ^ (bits >> 31);
    }
}
