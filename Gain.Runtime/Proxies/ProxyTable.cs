using Gain.Memory;

namespace Gain.Proxies;

/// <summary>
/// What proxies have said of the connections of one worker. It is there only where a listener is behind one.
/// </summary>
internal sealed class ProxyTable(int capacity, CarryPool carries)
{
    private readonly ProxyEntry[] _entries = new ProxyEntry[capacity];

    /// <summary>What was said of one.</summary>
    internal ref ProxyEntry this[int index] => ref _entries[index];

    /// <summary>Keeps what a header says.</summary>
    /// <exception cref="BudgetException">There is no memory for its TLVs.</exception>
    internal void Keep(int index, in ProxyHead head, ReadOnlySpan<byte> header)
    {
        ref ProxyEntry entry = ref _entries[index];
        entry.Tlvs.Append(carries, header[head.TlvStart..head.Length]);
        entry.Version = head.Version;
        entry.IsLocal = head.IsLocal;
        entry.Source = head.Source;
        entry.Destination = head.Destination;
    }

    /// <summary>Forgets what was said of a connection that has ended.</summary>
    internal void Forget(int index)
    {
        _entries[index].Tlvs.Clear(carries);
        _entries[index] = default;
    }

    /// <summary>Forgets all: the worker has ended.</summary>
    internal void ForgetAll(int used)
    {
        for (int i = 0; i < used; i++)
        {
            Forget(i);
        }
    }
}
