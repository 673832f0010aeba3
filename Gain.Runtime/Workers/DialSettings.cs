namespace Gain.Workers;

/// <summary>What a worker may dial with.</summary>
/// <param name="First">The index of the first of these in the space of the server's addresses.</param>
/// <param name="Items">Each protocol's, in the order in which they were given.</param>
internal sealed record DialSettings(int First, DialSetting[] Items)
{
    /// <summary>What chance begins with where delays are left to it.</summary>
    public ulong Seed { get; init; }

    /// <summary>Whether connections of any are kept while nobody needs them.</summary>
    public bool KeepsAny => Array.Exists(Items, static setting => setting.Pool is not null);

    /// <summary>Whether sockets for datagrams are dialled.</summary>
    public bool TakesDatagrams => Array.Exists(Items, static setting => setting.Datagrams is not null);

    /// <summary>Nothing is dialled.</summary>
    public static DialSettings None { get; } = new(0, []);
}
