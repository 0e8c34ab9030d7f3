using System.Net;
using SiteDesk.Platform.Web;

namespace SiteDesk.Assistant.LanguageModel.Calling;

/// <summary>
/// The way to the model's server. Connects to the public network by HTTPS only, and to the own network only where the installation's
/// settings say so (<see cref="SiteDeskOptions.ModelNetworks"/>); the address that was judged is the one connected to. Follows no
/// redirect: whoever answers with one would choose where customers' questions go.
/// </summary>
internal sealed class ModelNetwork : IDisposable
{
    private readonly List<IPNetwork> _own;
    private readonly HttpClient _secure;
    private readonly HttpClient _plain;

    public ModelNetwork(SiteDeskOptions options)
    {
        _own = [.. options.NetworksOfModels()];
        _secure = NewClient(address => OutwardCalls.IsPublic(address) || IsOwn(address));
        _plain = NewClient(IsOwn); // key and questions would travel in the clear
    }

    /// <summary>Whether an address stands in a network that the installation's settings name.</summary>
    public bool IsOwn(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return _own.Exists(network => network.BaseAddress.AddressFamily == address.AddressFamily && network.Contains(address));
    }

    /// <summary>Whether the model's server may be asked at this address.</summary>
    public bool IsAllowed(Uri address, IPAddress place) => IsOwn(place) || address.Scheme == Uri.UriSchemeHttps && OutwardCalls.IsPublic(place);

    /// <returns>Without a time limit of its own: each call brings one.</returns>
    public HttpClient For(Uri address) => address.Scheme == Uri.UriSchemeHttps ? _secure : _plain;

    public void Dispose()
    {
        _secure.Dispose();
        _plain.Dispose();
    }

    private static HttpClient NewClient(Func<IPAddress, bool> isAllowed)
    {
        var handler = OutwardCalls.NewHandler(isAllowed);
        handler.AllowAutoRedirect = false;
        return new HttpClient(new BoundedAnswers(handler)) { Timeout = Timeout.InfiniteTimeSpan };
    }
}
