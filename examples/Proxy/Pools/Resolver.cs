using System.Net;
using System.Net.Sockets;

namespace Gain.Proxy.Pools;

/// <summary>Looks up the names of a pool, on no worker's thread: a lookup can take seconds.</summary>
internal static class Resolver
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <summary>Looks all names up; one that cannot be found keeps the addresses that it had.</summary>
    /// <returns>Whether all were found.</returns>
    public static async Task<bool> ResolveAsync(Pool pool, CancellationToken cancellation)
    {
        bool isComplete = true;
        foreach (string host in pool.Hosts)
        {
            string? failure = await TryResolveAsync(pool, host, cancellation);
            if (failure is not null)
            {
                isComplete = false;
                Messages.Write(
                    $"pool {pool.Name}: {host} cannot be looked up, and keeps its addresses: {failure}");
            }
        }

        return isComplete;
    }

    private static async Task<string?> TryResolveAsync(
        Pool pool, string host, CancellationToken cancellation)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        late.CancelAfter(s_patience);
        try
        {
            IPAddress[] addresses = await Dns.GetHostAddressesAsync(host, late.Token);
            if (addresses.Length == 0)
            {
                return "it has no addresses";
            }

            // Servers of names rotate them; what is the same is to be seen as the same.
            pool.Learn(host, [.. addresses.OrderBy(address => address.ToString(), StringComparer.Ordinal)]);
            return null;
        }
        catch (SocketException refused)
        {
            return refused.Message;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return $"no answer within {s_patience.TotalSeconds:0} s";
        }
    }
}
