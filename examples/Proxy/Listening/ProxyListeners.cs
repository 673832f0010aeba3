using Gain.Proxy.Configuration;
using Gain.Proxy.Pools;

namespace Gain.Proxy.Listening;

/// <summary>
/// The listeners that are open, and how another file changes them: those that it adds are opened before the
/// others end, and all of them or none. One thread at a time.
/// </summary>
internal sealed class ProxyListeners
{
    private readonly GainServer _server;
    private readonly EntranceTable _added;
    private readonly TimeSpan _helloTimeout;
    private readonly OpenListener[] _started;
    private OpenListener[] _open;

    /// <param name="server">The server, which runs.</param>
    /// <param name="started">The listeners that it was started with.</param>
    /// <param name="added">Where its clients look for the entrances of others.</param>
    /// <param name="helloTimeout">How long a client's first message may take.</param>
    public ProxyListeners(
        GainServer server, OpenListener[] started, EntranceTable added, TimeSpan helloTimeout)
    {
        _server = server;
        _started = started;
        _open = started;
        _added = added;
        _helloTimeout = helloTimeout;
    }

    /// <summary>Says what a file changes. It changes nothing yet.</summary>
    /// <exception cref="ConfigurationException">A listener cannot be had without a restart.</exception>
    public ListenerPlan Plan(ListenerSection[] wanted)
    {
        var left = _open.ToList();
        var places = new OpenListener?[wanted.Length];
        for (int i = 0; i < wanted.Length; i++)
        {
            // Port 0 may be there several times.
            ListenerSection section = wanted[i];
            places[i] = left.Find(one =>
                one.Section.Address == section.Address && one.Section.ProxyProtocol == section.ProxyProtocol);
            if (places[i] is { } there)
            {
                left.Remove(there);
            }
        }

        var likes = new string?[wanted.Length];
        for (int i = 0; i < wanted.Length; i++)
        {
            likes[i] = places[i] is null ? FindLike($"listeners[{i}]", wanted[i], left) : null;
        }

        return new ListenerPlan(places, likes, [.. left]);
    }

    private string FindLike(string key, ListenerSection wanted, List<OpenListener> gone)
    {
        if (gone.Exists(one => one.Section.Address == wanted.Address))
        {
            throw new ConfigurationException(
                $"{key}.proxyProtocol changed for {wanted.Address}, which needs a restart, or another "
                    + "address");
        }

        OpenListener? like = Array.Find(
            _started, one => one.Section.ProxyProtocol == wanted.ProxyProtocol);
        return like?.Name ?? throw new ConfigurationException(
            wanted.ProxyProtocol is null
                ? $"{key} ({wanted.Address}) has no proxyProtocol, and every listener of the start had one: "
                    + "it needs a restart"
                : $"{key}.proxyProtocol ({wanted.Address}) is that of no listener of the start: "
                    + "it needs a restart");
    }

    /// <summary>Opens those that are added, all or none.</summary>
    /// <param name="plan">What changes.</param>
    /// <param name="wanted">The listeners of the file.</param>
    /// <param name="routes">Where the clients of each are led.</param>
    /// <returns>For each listener of the file one that is open.</returns>
    /// <exception cref="ConfigurationException">One cannot be opened; nothing has changed.</exception>
    public async Task<OpenListener[]> AddAsync(ListenerPlan plan, ListenerSection[] wanted, Routes[] routes)
    {
        var all = new OpenListener[wanted.Length];
        var added = new List<OpenListener>();
        try
        {
            for (int i = 0; i < wanted.Length; i++)
            {
                if (plan.Places[i] is { } there)
                {
                    all[i] = there;
                    continue;
                }

                all[i] = await AddAsync($"listeners[{i}]", wanted[i], routes[i], plan.Likes[i]!);
                added.Add(all[i]);
            }
        }
        catch (ConfigurationException)
        {
            await EndAsync(added);
            throw;
        }

        added.ForEach(one => Messages.Write($"listens on {one.Name}"));
        return all;
    }

    private async Task<OpenListener> AddAsync(
        string key, ListenerSection section, Routes routes, string like)
    {
        var entrance = new Entrance(routes, _helloTimeout);
        if (!_added.TryTake(entrance, out byte tag))
        {
            throw new ConfigurationException(
                $"{key} ({section.Address}) is one too many: {byte.MaxValue} listeners can be added to those "
                + "of the start, which a restart makes more");
        }

        try
        {
            IReadOnlyList<string> bound = await _server.AddListenerAsync(section.Address, like, tag);
            return new OpenListener(
                section, entrance, bound.Count == 1 ? bound[0] : section.Address, tag);
        }
        catch (GainException refused)
        {
            _added.GiveBack(tag);
            throw new ConfigurationException($"{key}.address is \"{section.Address}\": {refused.Message}");
        }
    }

    /// <summary>Puts a file's listeners in effect, which are open.</summary>
    public void Lead(OpenListener[] all, Routes[] routes)
    {
        for (int i = 0; i < all.Length; i++)
        {
            all[i].Entrance.Routes = routes[i];
        }

        _open = all;
    }

    /// <summary>
    /// Ends listeners, and waits until their addresses are free: who waits in a queue is served first, and
    /// relays go on.
    /// </summary>
    public async Task EndAsync(IReadOnlyCollection<OpenListener> gone)
    {
        await Task.WhenAll(gone.Select(one => _server.StopListeningAsync(one.Name)));
        foreach (OpenListener one in gone.Where(one => one.Tag != EntranceTable.OfStart))
        {
            _added.GiveBack(one.Tag);
        }
    }
}
