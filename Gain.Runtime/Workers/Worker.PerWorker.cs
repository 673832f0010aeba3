using Gain.CompilerServices;
using Gain.Slots;

namespace Gain.Workers;

internal sealed unsafe partial class Worker<TProtocol, TRing>
{
    private void CreatePerWorker()
    {
        var builder = new PerWorkerBuilder(_settings.Index, _settings.PerWorker);
        try
        {
            TProtocol.CreatePerWorker(builder);
        }
        finally
        {
            // When the second cannot be made, the first is disposed all the same.
            _table.SetPerWorker(builder.Values, builder.ValuesOfParts);
        }
    }

    private void DisposePerWorker()
    {
        foreach (PerWorkerValue value in _table.AllPerWorker)
        {
            try
            {
                value.Dispose();
            }
            catch (Exception fault)
            {
                // The others are disposed too, and the worker ends as it would have.
                Log.DisposeFailed(_server.Logger, fault, _settings.Index);
            }
        }

        _table.SetPerWorker([], [[]]);
    }
}
