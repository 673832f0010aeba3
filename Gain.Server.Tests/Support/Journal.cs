using System.Collections.Concurrent;

namespace Gain.Tests.Server;

/// <summary>What the callbacks of a test's protocol saw, for the test's thread to await.</summary>
internal sealed class Journal
{
    private readonly ConcurrentQueue<string> _entries = new();
    private readonly SemaphoreSlim _added = new(0);

    public string[] Entries => [.. _entries];

    public void Add(string entry)
    {
        _entries.Enqueue(entry);
        _added.Release();
    }

    /// <summary>Waits until at least so many entries are there.</summary>
    public Task<string[]> AwaitAsync(int count) => AwaitAsync(static _ => true, count);

    /// <summary>Waits until at least so many entries of a kind are there.</summary>
    public async Task<string[]> AwaitAsync(Func<string, bool> kind, int count)
    {
        while (_entries.Count(kind) < count)
        {
            bool added = await _added.WaitAsync(Clients.Patience);
            Assert.That(added, $"only {_entries.Count(kind)} of {count}: {string.Join(", ", _entries)}");
        }

        return Entries;
    }
}
