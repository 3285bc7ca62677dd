//! Every route there is. The table is the router: what is not in it is not served.

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{delete, get, head, options, patch, post, put};
use mingjian_domain::error::{Error, Noun};
use tower_http::catch_panic::CatchPanicLayer;

use crate::calls::Calls;
use crate::limits::Buckets;
use crate::native::{
    accounts, archive_clients, callbacks, codes, compositions, connectors, deposits, embeds, files, interface,
    interviews, invitations, messages, orders, probe, recordings, rooms, scripts, sessions, sheets,
};
use crate::problems::{Kind, Problem};
use crate::{
    Api, ApiParts, Shared, calls, crm, downloads, edge, face, health, idempotency, lives, meeting, mounts, netdisk,
    openapi, origin, pages, problems, signing, video,
};

/// A method and a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Route {
    /// `get`, `post`, `put` or `delete`; `get` answers HEAD as well.
    pub method: &'static str,
    /// The path, with `{names}` for its parameters.
    pub path: &'static str,
}

macro_rules! routes {
    ($($method:ident $path:literal => $handler:path;)+) => {
        /// Every route but the WebSocket's.
        pub const ROUTES: &[Route] = &[$(Route { method: stringify!($method), path: $path }),+];

        fn mount(router: Router<Shared>) -> Router<Shared> {
            router$(.route($path, $method($handler)))+
        }
    };
}

routes! {
    // The operator.
    get "/healthz" => health::alive;
    get "/readyz" => health::ready;
    get "/metrics" => health::metrics;

    // Pages: HTML for anyone; they log in inside.
    get "/" => pages::home;
    get "/desk" => pages::desk;
    get "/review" => pages::review;
    get "/admin" => pages::admin;
    get "/s/{code}" => pages::customer;
    get "/m/{number}" => pages::meeting;
    get "/watch/{live}" => pages::watch;
    get "/assets/{*file}" => pages::asset;
    get "/sdk/{file}" => pages::sdk;
    get "/problems/{slug}" => problems::page::explain;

    // Whoever wants to know how to call us.
    get "/api/docs" => pages::docs;
    get "/api/v1/openapi.json" => openapi::describe_api;

    // A customer, who has the code of a link and no account.
    get "/api/v1/invitations/{code}" => invitations::find_invitation;
    get "/api/v1/probe" => probe::download;
    post "/api/v1/probe" => probe::upload;

    // A user.
    post "/api/v1/session" => sessions::log_in;
    get "/api/v1/session" => sessions::find_session;
    delete "/api/v1/session" => sessions::log_out;

    // A business system, and users who may.
    post "/api/v1/orders" => orders::create_order;
    get "/api/v1/orders/{business_no}" => orders::find_order;
    post "/api/v1/orders/{business_no}/invitations" => orders::create_invitation;
    get "/api/v1/orders/{business_no}/sheet" => sheets::find_sheet;
    post "/api/v1/orders/{business_no}/pull" => sheets::pull_order;
    put "/api/v1/orders/{business_no}/product" => sheets::put_product;
    put "/api/v1/orders/{business_no}/enterprise" => sheets::put_enterprise;
    put "/api/v1/orders/{business_no}/guarantors" => sheets::put_guarantors;
    put "/api/v1/orders/{business_no}/references" => sheets::put_references;
    put "/api/v1/orders/{business_no}/identity" => sheets::put_identity;
    post "/api/v1/orders/{business_no}/identity-checks" => sheets::check_identity;
    post "/api/v1/orders/{business_no}/photos" => sheets::push_photo;
    get "/api/v1/interviews" => interviews::list_interviews;
    get "/api/v1/interviews/{id}/result" => interviews::find_result;
    get "/api/v1/recordings" => recordings::list_recordings;
    get "/api/v1/recordings/{id}" => recordings::find_recording;
    get "/api/v1/files" => files::list_files;
    post "/api/v1/files" => files::upload_file;
    get "/api/v1/files/usage" => files::find_usage;
    get "/api/v1/files/{id}" => files::find_file;
    delete "/api/v1/files/{id}" => files::delete_file;
    put "/api/v1/files/{id}/hold" => files::keep_file;
    post "/api/v1/files/{id}/revoke-links" => files::revoke_links;
    get "/api/v1/files/{id}/tombstone" => files::find_tombstone;
    post "/api/v1/folders" => files::create_folder;
    get "/api/v1/callbacks" => callbacks::list_callbacks;
    post "/api/v1/callbacks/{id}/retry" => callbacks::retry_callback;
    get "/api/v1/compositions" => compositions::list_compositions;
    post "/api/v1/compositions/{id}/retry" => compositions::retry_composition;

    // A tenant admin, logged in.
    get "/api/v1/interface" => interface::show_interface;
    put "/api/v1/interface/switches" => interface::set_switches;
    post "/api/v1/interface/credentials/{kind}/reissue" => interface::reissue_credential;
    get "/api/v1/interface/keys" => interface::list_keys;
    post "/api/v1/interface/keys" => interface::issue_key;
    delete "/api/v1/interface/keys/{id}" => interface::revoke_key;
    get "/api/v1/interface/calls" => interface::list_calls;

    get "/api/v1/messages" => messages::list_messages;
    get "/api/v1/messages/{id}" => messages::find_message;
    post "/api/v1/messages/{id}/retry" => messages::retry_message;
    get "/api/v1/connectors" => connectors::list_connectors;
    put "/api/v1/connectors/{kind}" => connectors::put_connector;
    delete "/api/v1/connectors/{kind}" => connectors::delete_connector;
    post "/api/v1/embed-tokens" => embeds::create_embed_token;

    // Whoever a business system lets in, and what it signed.
    post "/api/v1/embed-sessions" => embeds::enter;
    post "/api/v1/identity-statements" => sheets::accept_statement;

    // 录像管理, in its own dialect, under both of its names.
    post "/CLOUDROOM-API/netDisk/query" => netdisk::files::query;
    get "/CLOUDROOM-API/netDisk/query" => netdisk::files::query_of_page;
    post "/CLOUDROOM-API/netDisk/delete" => netdisk::files::delete;
    post "/CLOUDROOM-API/netDisk/upload" => netdisk::upload;
    post "/CLOUDROOM-API/queue/add" => netdisk::queues::add;
    post "/CLOUDROOM-API/queue/modify" => netdisk::queues::modify;
    post "/CLOUDROOM-API/queue/delete" => netdisk::queues::delete;
    post "/CLOUDROOM-API/queue/query" => netdisk::queues::query;
    post "/CLOUDROOM-API/room/create" => netdisk::rooms::create;
    post "/CLOUDROOM-API/room/delete" => netdisk::rooms::delete;
    post "/CLOUDROOM-API/room/onlineMembers/query" => netdisk::rooms::members;
    post "/CLOUDROOM-API/room/onlineUsersNum/query" => netdisk::rooms::counts;
    post "/CLOUDMEETING-API/netDisk/query" => netdisk::files::query;
    get "/CLOUDMEETING-API/netDisk/query" => netdisk::files::query_of_page;
    post "/CLOUDMEETING-API/netDisk/delete" => netdisk::files::delete;
    post "/CLOUDMEETING-API/netDisk/upload" => netdisk::upload;
    post "/CLOUDMEETING-API/queue/add" => netdisk::queues::add;
    post "/CLOUDMEETING-API/queue/modify" => netdisk::queues::modify;
    post "/CLOUDMEETING-API/queue/delete" => netdisk::queues::delete;
    post "/CLOUDMEETING-API/queue/query" => netdisk::queues::query;
    post "/CLOUDMEETING-API/room/create" => netdisk::rooms::create;
    post "/CLOUDMEETING-API/room/delete" => netdisk::rooms::delete;
    post "/CLOUDMEETING-API/room/onlineMembers/query" => netdisk::rooms::members;
    post "/CLOUDMEETING-API/room/onlineUsersNum/query" => netdisk::rooms::counts;

    // 远程视频面签, in its own dialect.
    post "/api/blade-auth/oauth/token" => signing::token::create_token;
    post "/api/blade-system/smsctrl/sendSmsScheme" => signing::sms::send_sms_scheme;

    // Meeting rooms: those who own and run them, and those who dial in.
    get "/api/v1/rooms" => rooms::list_rooms;
    post "/api/v1/rooms" => rooms::create_room;
    get "/api/v1/rooms/{number}" => rooms::find_room;
    put "/api/v1/rooms/{number}" => rooms::change_room;
    delete "/api/v1/rooms/{number}" => rooms::delete_room;
    post "/api/v1/rooms/{number}/start" => rooms::start_room;
    post "/api/v1/rooms/{number}/stop" => rooms::stop_room;
    get "/api/v1/rooms/{number}/participants" => rooms::list_participants;
    post "/api/v1/rooms/{number}/recording" => rooms::start_recording;
    delete "/api/v1/rooms/{number}/recording" => rooms::stop_recording;
    post "/api/v1/rooms/{number}/live" => rooms::start_live;
    delete "/api/v1/rooms/{number}/live" => rooms::end_live;
    post "/api/v1/rooms/{number}/admissions" => rooms::join_room;

    // The meeting face.
    post "/meeting/openRecord" => meeting::open_record;
    post "/meeting/closeRecord" => meeting::close_record;
    post "/meeting/getRecords" => meeting::get_records;
    post "/meeting/delRecordFile" => meeting::del_record_file;
    post "/meeting/openLive" => meeting::open_live;
    post "/meeting/closeLive" => meeting::close_live;
    post "/meeting/getLiveRecStatus" => meeting::get_live_rec_status;
    get "/api/getmeetinginfo" => meeting::get_meeting_info;

    // Whoever watches live.
    get "/api/v1/lives/{code}" => lives::find_live;
    get "/live/{code}/{part}" => lives::find_playlist;
    get "/live/{code}/{recording}/{part}" => lives::find_segment;

    // The image archive.
    get "/api/v1/material-codes" => codes::list_material_codes;
    post "/api/v1/material-codes" => codes::add_material_code;
    put "/api/v1/material-codes/{code}" => codes::rename_material_code;
    delete "/api/v1/material-codes/{code}" => codes::remove_material_code;
    get "/api/v1/code-tables" => codes::list_code_tables;
    post "/api/v1/code-tables/{table}/codes" => codes::add_code;
    put "/api/v1/code-tables/{table}/codes/{code}" => codes::rename_code;
    delete "/api/v1/code-tables/{table}/codes/{code}" => codes::remove_code;
    get "/api/v1/accounts" => accounts::list_accounts;
    post "/api/v1/accounts/import" => accounts::import_accounts;
    get "/api/v1/accounts/{id}" => accounts::find_account;
    put "/api/v1/accounts/{id}" => accounts::update_account;
    get "/api/v1/accounts/{id}/materials" => accounts::list_materials;
    get "/api/v1/deposits" => deposits::list_deposits;
    post "/api/v1/deposits/{id}/discard" => deposits::discard_deposit;
    get "/api/v1/archive-files/{id}" => deposits::fetch_archive_file;
    get "/api/v1/archive-clients" => archive_clients::list_clients;
    post "/api/v1/archive-clients" => archive_clients::issue_client;
    delete "/api/v1/archive-clients/{number}" => archive_clients::revoke_client;
    post "/api/v1/recordings/{id}/archive" => deposits::archive_recording;

    // The image archive, as its document has it; the numbers are the document's.
    post "/crm/login/jwt" => crm::sessions::log_in; // 1
    post "/crm/dms/services/{serviceId}/accesses/account" => crm::deposits::to_account; // 2
    post "/crm/dms/accesses/discard" => crm::deposits::discard; // 3
    post "/crm/accounts" => crm::accounts::create; // 4
    post "/crm/dms/files" => crm::files::upload; // 5
    post "/crm/dms/services/{serviceId}/accesses/customer" => crm::deposits::to_customer; // 6
    post "/crm/dms/materials/account" => crm::materials::by_body; // 7
    get "/crm/dms/materials/account" => crm::materials::by_query; // 7
    get "/crm/dms/files/{fileId}/file" => crm::files::download; // 8
    post "/crm/dms/accounts/page" => crm::accounts::page; // 9

    get "/api/v1/scripts" => scripts::list_scripts;
    put "/api/v1/scripts/{video_type}" => scripts::put_script;

    // 双录系统 1.0: the document's two calls, then what its page needs.
    get "/video/redirect" => video::redirect::redirect;
    post "/video/uploadStatus" => video::status::upload_status;
    post "/video/invalidate" => video::invalidate::invalidate;
    get "/video/main" => video::page::main;
    post "/video/session" => video::page::open;
    get "/video/session" => video::page::find;
    get "/video/takes" => video::page::list_takes;
    post "/video/takes" => video::takes::begin;
    post "/video/takes/{id}/join" => video::takes::join;
    post "/video/takes/{id}/stop" => video::takes::stop;
    get "/video/play/{id}" => video::play::fetch;
    options "/video/upload" => video::upload::options;
    post "/video/upload" => video::upload::create;
    head "/video/upload/{id}" => video::upload::head;
    patch "/video/upload/{id}" => video::upload::patch;

    // Whoever holds a signed link.
    get "/d/{recording}/{part}" => downloads::fetch;
    get "/d/{file}" => downloads::fetch_file;
}

/// The whole of HTTP. Serve it with `into_make_service_with_connect_info::<SocketAddr>()`; on a TLS listener wrap it in
/// [`crate::over_tls`] first.
pub fn router(parts: ApiParts) -> Router {
    let ApiParts { service, gathering, settings, metrics, pages, signal } = parts;
    let buckets = Buckets::new(settings.limits);
    let crm_paths = settings.crm_paths.clone();
    let api: Shared = Arc::new(Api { service, gathering, settings, metrics, pages, buckets, calls: Calls::default() });
    let router = mount(Router::new())
        .merge(signal.with_state(()))
        .fallback(async || Problem::from(Error::Missing(Noun::Path)))
        .method_not_allowed_fallback(async || Problem::of(Kind::MethodNotAllowed))
        .layer(from_fn_with_state(api.clone(), idempotency::once))
        // Bodies are read piece by piece, by handlers that know their own limit.
        .layer(DefaultBodyLimit::disable())
        .layer(edge::compression())
        .layer(from_fn_with_state(api.clone(), origin::find_out))
        .layer(CatchPanicLayer::custom(problems::of_panic))
        .layer(from_fn_with_state(api.clone(), face::speak))
        .layer(from_fn_with_state(api.clone(), calls::listen))
        .layer(from_fn(mounts::check))
        .layer(from_fn_with_state(api.clone(), edge::dress))
        .with_state(api);
    crm_paths.before(router)
}
