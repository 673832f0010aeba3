using System.Runtime.InteropServices;
using System.Threading.Channels;
using Gain.Proxy.Configuration;

namespace Gain.Proxy;

/// <summary>
/// Reads the file again at SIGHUP and when it changes, one at a time. A file that cannot be used changes
/// nothing.
/// </summary>
internal sealed class Reloads : IAsyncDisposable
{
    // Programs write a file in several steps.
    private static readonly TimeSpan s_settling = TimeSpan.FromMilliseconds(100);

    private readonly Channel<bool> _wanted = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });

    private readonly string _path;
    private readonly Balancer _balancer;
    private readonly PosixSignalRegistration _signal;
    private readonly FileSystemWatcher _watcher;
    private readonly Task _work;
    private string _text;

    /// <param name="path">The file.</param>
    /// <param name="text">What it held.</param>
    /// <param name="balancer">What it is for.</param>
    public Reloads(string path, string text, Balancer balancer)
    {
        _path = path;
        _text = text;
        _balancer = balancer;
        _signal = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            _wanted.Writer.TryWrite(true);
        });

        // The folder's events, as editors put another file in its place.
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        _watcher = new FileSystemWatcher(folder, Path.GetFileName(path));
        _watcher.Changed += (_, _) => _wanted.Writer.TryWrite(false);
        _watcher.Created += (_, _) => _wanted.Writer.TryWrite(false);
        _watcher.Renamed += (_, _) => _wanted.Writer.TryWrite(false);
        _watcher.EnableRaisingEvents = true;
        _work = Task.Run(WorkAsync);
    }

    public async ValueTask DisposeAsync()
    {
        _signal.Dispose();
        _watcher.Dispose();
        _wanted.Writer.Complete();
        await _work;
    }

    private async Task WorkAsync()
    {
        await foreach (bool isSignal in _wanted.Reader.ReadAllAsync())
        {
            await Task.Delay(s_settling);
            try
            {
                (string text, ProxySection section) = ConfigurationFile.Read(_path);
                if (text == _text)
                {
                    if (isSignal)
                    {
                        Messages.Write("the file is the one in effect already");
                    }

                    continue;
                }

                await _balancer.ReloadAsync(section);
                _text = text;
                Messages.Write($"{_path} is in effect");
            }
            catch (ConfigurationException refused)
            {
                Messages.Write($"the file before it stays in effect: {refused.Message}");
            }
            catch (GainException ending)
            {
                // The server stops while a listener is taken away.
                Messages.Write(ending.Message);
            }
        }
    }
}
