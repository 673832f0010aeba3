using Gain.Kernel;

namespace Gain.Rings;

/// <summary>
/// Addresses of connects, one for each place in the submission queue; as <see cref="GatherScratch"/>.
/// </summary>
internal sealed unsafe class ConnectScratch : IDisposable
{
    // SAFETY: the mapping is this object's until Dispose; the kernel reads it while it takes entries.
    private sockaddr_storage* _addresses;
    private readonly nuint _bytes;
    private readonly uint _mask;

    public ConnectScratch(uint entries)
    {
        _mask = entries - 1;
        _bytes = entries * (nuint)sizeof(sockaddr_storage);
        _addresses = (sockaddr_storage*)NativePages.Map(_bytes);
    }

    /// <summary>Copies the address for the entry at an index of the submission queue.</summary>
    // SAFETY: the result is valid until the kernel has taken the entry, and is not used by us after that.
    public void* Fill(uint entryIndex, in sockaddr_storage address)
    {
        sockaddr_storage* place = _addresses + (entryIndex & _mask);
        *place = address;
        return place;
    }

    public void Dispose()
    {
        NativePages.Unmap(_addresses, _bytes);
        _addresses = null;
    }
}
