// Made by generate.mjs from crates/api/openapi. Do not edit.

export interface paths {
    "/api/v1/callbacks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List results on their way */
        get: operations["list_callbacks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/callbacks/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send a result again as soon as possible */
        post: operations["retry_callback"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/interface": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Show the tenant's interface */
        get: operations["show_interface"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/interface/calls": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the last calls of the tenant's systems
         * @description The last hundred that this server has had since its start, through every face, with what is secret or personal masked.
         */
        get: operations["list_calls"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/interface/credentials/{kind}/reissue": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a credential anew
         * @description The old one is refused from now on. The new one is told here and nowhere else.
         */
        post: operations["reissue_credential"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/interface/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List native keys in use */
        get: operations["list_keys"];
        put?: never;
        /** Issue a native key */
        post: operations["issue_key"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/interface/keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Take a native key back */
        delete: operations["revoke_key"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/interface/switches": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Set the switches
         * @description Replaces them all: what is left out is empty, and a face that is not named in `off` is on.
         */
        put: operations["set_switches"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/interviews": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List interviews */
        get: operations["list_interviews"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invitations/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a link leads to */
        get: operations["find_invitation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/lives/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** See what is shown live */
        get: operations["find_live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This description */
        get: operations["describe_api"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Create an order */
        post: operations["create_order"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{business_no}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The business system's own number.
                 * @example A3239239
                 */
                business_no: components["parameters"]["BusinessNo"];
            };
            cookie?: never;
        };
        /**
         * Find an order
         * @description A key reads the numbers of people whole, a logged-in user reads their ends.
         */
        get: operations["find_order"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{business_no}/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The business system's own number.
                 * @example A3239239
                 */
                business_no: components["parameters"]["BusinessNo"];
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Invite a person of an order
         * @description Without a body: the borrower, for seven days. A link is used up by the verdict `pass` or `refuse`.
         */
        post: operations["create_invitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/probe": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Bytes to measure the network with, down */
        get: operations["probe_download"];
        put?: never;
        /** Bytes to measure the network with, up */
        post: operations["probe_upload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/recordings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List recordings */
        get: operations["list_recordings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/recordings/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Find a recording */
        get: operations["find_recording"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rooms": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List rooms */
        get: operations["list_rooms"];
        put?: never;
        /** Make a room */
        post: operations["create_room"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rooms/{number}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Find a room */
        get: operations["find_room"];
        /**
         * Change a room
         * @description The number stays. PINs that are not named stay; the flags that are not named are off.
         */
        put: operations["change_room"];
        post?: never;
        /** Delete a room */
        delete: operations["delete_room"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rooms/{number}/admissions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Come in with a PIN
         * @description An unknown number is answered like a wrong PIN. The host's PIN opens a room that is not open.
         */
        post: operations["join_room"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rooms/{number}/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Show a room live */
        post: operations["start_live"];
        /** End what is shown live */
        delete: operations["end_live"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rooms/{number}/participants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List who is in a room now */
        get: operations["list_participants"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rooms/{number}/recording": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Record everybody in a room */
        post: operations["start_recording"];
        /** End the recording of a room */
        delete: operations["stop_recording"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rooms/{number}/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Open a room
         * @description Without people it is closed after half an hour, unless it stays open.
         */
        post: operations["start_room"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/rooms/{number}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Close a room */
        post: operations["stop_room"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is logged in */
        get: operations["find_session"];
        put?: never;
        /**
         * Log in
         * @description `login` is `name` or `name@TENANT`. Five wrong passwords lock the account for a while.
         */
        post: operations["log_in"];
        /** Log out */
        delete: operations["log_out"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Call: {
            address: string;
            answer: string | null;
            /** Format: date-time */
            at: string;
            /** @description What the face's document calls its code; natively the last part of a problem's `type`. */
            code: string | null;
            face: components["schemas"]["FaceName"];
            method: string;
            path: string;
            request: string | null;
            status: number;
            took_ms: number;
        };
        Callback: {
            attempts: number;
            business_no: string;
            /** Format: date-time */
            created_at: string;
            /** Format: uuid */
            id: string;
            last_error: string | null;
            /** @description HTTP status of the last answer. */
            last_status: number | null;
            /** Format: date-time */
            next_attempt_at: string | null;
            /** @enum {string} */
            state: "pending" | "delivered" | "failed";
            url: string;
        };
        CallbackPage: {
            items: components["schemas"]["Callback"][];
            next: string | null;
        };
        CallPage: {
            items: components["schemas"]["Call"][];
            next: null;
        };
        Consent: {
            text: string;
            version: string;
        };
        Credential: {
            /** @description `CompID`, `AppId`, `API ID`. */
            account: string;
            kind: components["schemas"]["CredentialKind"];
            /** @description Of the meeting face's literal key, where there is one. */
            literal_hint: string | null;
            /** @description The end of it, at most. */
            secret_hint: string;
        };
        /** @enum {string} */
        CredentialKind: "company" | "app" | "meeting";
        Detail: {
            label: string;
            value: string;
        };
        Face: {
            base_urls: string[];
            name: components["schemas"]["FaceName"];
            on: boolean;
        };
        /** @enum {string} */
        FaceName: "video" | "netdisk" | "crm" | "signing" | "meeting" | "native";
        /** @description A stretch in which nothing of this source is there. */
        Gap: {
            from_ms: number;
            participant: string;
            /** @enum {string} */
            reason: "loss" | "camera_off" | "reconnect" | "restart";
            source: components["schemas"]["Source"];
            to_ms: number;
        };
        Interface: {
            credentials: components["schemas"]["Credential"][];
            /** @description `entId`, which the meeting face prints. */
            ent_id: number;
            faces: components["schemas"]["Face"][];
            switches: components["schemas"]["Switches"];
        };
        Interview: {
            business_no: string;
            /** Format: date-time */
            connected_at: string | null;
            /**
             * Format: date-time
             * @description When the customer joined the queue.
             */
            created_at: string;
            /** @description Name of the main person. */
            customer: string;
            /** Format: date-time */
            ended_at: string | null;
            /** Format: uuid */
            id: string;
            /** @enum {string} */
            kind: "remote" | "self_service" | "counter" | "assistance";
            /** @example 20261123-000017 */
            number: string;
            /** @description Number of the queue. */
            queue: string;
            reason: string | null;
            /** Format: uuid */
            recording_id: string | null;
            /** @description Name of the seat, once one is rung. */
            seat: string | null;
            state: components["schemas"]["InterviewState"];
            verdict: components["schemas"]["Verdict"] | null;
            /** @description From joining the queue to the answer. */
            wait_ms: number | null;
        };
        InterviewPage: {
            items: components["schemas"]["Interview"][];
            next: string | null;
        };
        /** @enum {string} */
        InterviewState: "waiting" | "ringing" | "in_call" | "ended" | "abandoned";
        Invitation: {
            business_no: string;
            consents: {
                face: components["schemas"]["Consent"];
                recording: components["schemas"]["Consent"];
            };
            /** Format: date-time */
            expires_at: string;
            identity_check: boolean;
            /** @description Masked, such as `张*`. */
            name: string;
            product_name: string;
            queue: {
                name: string;
                open: boolean;
                /** Format: date-time */
                opens_at: string | null;
            };
            /** @enum {string} */
            state: "open";
            tenant_name: string;
        };
        InvitationLink: {
            /** Format: date-time */
            expires_at: string;
            /** Format: uri */
            url: string;
        };
        KeyPage: {
            items: components["schemas"]["NativeKey"][];
            next: null;
        };
        Live: {
            /** Format: date-time */
            started_at: string;
            streams: components["schemas"]["LiveStream"][];
            tenant_name: string;
            title: string;
        };
        LiveStream: {
            /** @description Counts from 1; names are not told. */
            participant: number;
            playlist_url: string;
            /** @enum {string} */
            stream: "camera" | "microphone" | "screen";
        };
        /** @description Something that happened. */
        Mark: {
            at_ms: number;
            kind: string;
            text: string;
        };
        Named: {
            id: string;
            name: string;
        };
        NativeKey: {
            /** Format: date-time */
            created_at: string;
            id: string;
            name: string;
        };
        NewCustomer: {
            id_no: string;
            /**
             * @example id_card
             * @example passport
             */
            id_type: string;
            mobile: string;
            name: string;
        };
        NewDetail: {
            label: string;
            value: string;
        };
        NewOrder: {
            /** @description Taken once per tenant. */
            business_no: string;
            /** @description The borrower. */
            customer: components["schemas"]["NewCustomer"];
            /** @description Further lines that the seat reads. */
            details?: components["schemas"]["NewDetail"][] | null;
            /** @default false */
            identity_check: boolean | null;
            /** @description The others. */
            people?: components["schemas"]["NewPerson"][] | null;
            product_name: string;
            /** @description Number of one of the tenant's queues. */
            queue_id: string;
        };
        NewPerson: {
            id_no: string;
            id_type: string;
            mobile: string;
            name: string;
            role: components["schemas"]["PersonRole"];
        };
        NewRoom: {
            /** @description Not the host's. */
            guest_pin?: string | null;
            host_pin?: string | null;
            live_allowed?: boolean | null;
            name: string;
            /** @description Drawn when it is not named. */
            number?: string | null;
            record_allowed?: boolean | null;
            /** @description Whether it stays open without people. */
            stays_open?: boolean | null;
        };
        NewSwitches: {
            /** @description Origins that `getRecords` may put in front of its links. */
            meeting_origins?: string[] | null;
            /** @description Where the events of the netdisk face go. */
            netdisk_callback_url?: string | null;
            /** @description Origins whose pages may ask the netdisk face by GET and JSONP; null: GET is off. */
            netdisk_get_from?: string[] | null;
            /** @description Faces that are off. */
            off?: ("video" | "netdisk" | "crm" | "signing" | "meeting")[] | null;
            /** @description Bytes of files beside recordings; null: as much as the disk holds. */
            quota_bytes?: number | null;
            /** @description Networks from which the video face takes calls without a signature, such as `10.1.0.0/16`. */
            video_unsigned_from?: string[] | null;
        };
        Order: {
            business_no: string;
            /** Format: date-time */
            created_at: string;
            customer: components["schemas"]["OrderPerson"];
            details: components["schemas"]["Detail"][];
            /** Format: uuid */
            id: string;
            identity_check: boolean;
            people: components["schemas"]["OrderPerson"][];
            product_name: string;
            queue_id: string;
        };
        OrderPerson: {
            id_no: string;
            id_type: string;
            mobile: string;
            name: string;
            role: components["schemas"]["PersonRole"];
        };
        Participant: {
            name: string;
            /** Format: uuid */
            participant: string;
            /** @enum {string} */
            presence: "joining" | "here" | "lost" | "left";
            /** @enum {string} */
            role: "host" | "guest" | "seat" | "customer" | "supervisor";
        };
        ParticipantPage: {
            items: components["schemas"]["Participant"][];
            next: null;
        };
        /** @enum {string} */
        PersonRole: "borrower" | "co_borrower" | "guarantor" | "spouse";
        /**
         * @description RFC 9457.
         * @example {
         *       "type": "/problems/order-unknown",
         *       "title": "没有找到该订单",
         *       "status": 404,
         *       "detail": "请核对业务编号"
         *     }
         */
        Problem: {
            /** @description What to do about it, in Chinese. */
            detail: string;
            /**
             * Format: date-time
             * @description With `queue-closed`: when it opens.
             */
            opens_at?: string;
            status: number;
            title: string;
            /** @description `/problems/{slug}`: a page that explains it. */
            type: string;
        };
        /** @description Every `_ms` but the `duration_ms` of a file counts from `started_at`. */
        Recording: {
            business_no: string | null;
            customer: string | null;
            /** @description While it grows: by now. */
            duration_ms: number;
            files: components["schemas"]["RecordingFile"][];
            gaps: components["schemas"]["Gap"][];
            /** Format: uuid */
            id: string;
            /**
             * Format: uuid
             * @description Null, like the next four, for a recording that is no interview's.
             */
            interview_id: string | null;
            marks: components["schemas"]["Mark"][];
            number: string | null;
            /** @description HLS, signed. */
            playlist_url: string;
            reason: string | null;
            seat: string | null;
            /** Format: date-time */
            started_at: string;
            /** @enum {string} */
            state: "recording" | "stopped" | "failed";
            /** Format: date-time */
            stopped_at: string | null;
            verdict: components["schemas"]["Verdict"] | null;
        };
        RecordingFile: {
            duration_ms: number;
            from_ms: number;
            /** @enum {string} */
            kind: "track" | "composed";
            participant: {
                id: string;
                name: string;
                role: string;
            };
            /** @description HLS over all files of this person and source. */
            playlist_url: string | null;
            /** @description 64 hex digits; null while it grows. */
            sha256: string | null;
            size_bytes: number;
            source: components["schemas"]["Source"];
            /** @description Signed; supports Range. */
            url: string;
        };
        RecordingPage: {
            items: components["schemas"]["Recording"][];
            next: string | null;
        };
        /** @enum {string} */
        Role: "seat" | "supervisor" | "reviewer" | "tenant_admin" | "platform_admin" | "archivist";
        Room: {
            /** Format: date-time */
            created_at: string;
            /** @description For those who own the room. */
            guest_pin?: string;
            /** @description For those who own the room. */
            host_pin?: string;
            /** @description Where people come in. */
            join_path: string;
            live_allowed: boolean;
            /**
             * Format: date-time
             * @description Since when nobody new is let in.
             */
            locked_at: string | null;
            name: string;
            number: string;
            participants: number;
            record_allowed: boolean;
            /**
             * Format: uuid
             * @description The recording that is being made.
             */
            recording_id: string | null;
            /**
             * Format: date-time
             * @description Since when it is open.
             */
            started_at: string | null;
            stays_open: boolean;
            /** @description Where it is watched live. */
            watch_path: string | null;
        };
        RoomPage: {
            items: components["schemas"]["Room"][];
            next: string | null;
        };
        Session: {
            /** @description What writes of this page carry as `X-CSRF-Token`. */
            csrf_token: string;
            user: components["schemas"]["User"];
        };
        /**
         * @description `microphone`: a file that was begun while there was no picture.
         * @enum {string}
         */
        Source: "camera" | "microphone" | "screen";
        Switches: {
            meeting_origins: string[];
            netdisk_callback_url: string | null;
            netdisk_get_from: string[] | null;
            off: components["schemas"]["FaceName"][];
            quota_bytes: number | null;
            video_unsigned_from: string[];
        };
        User: {
            /** Format: uuid */
            id: string;
            login: string;
            name: string;
            /** @description Those that the user serves. */
            queues: components["schemas"]["Named"][];
            roles: components["schemas"]["Role"][];
            tenant: components["schemas"]["Named"];
        };
        /** @enum {string} */
        Verdict: "pass" | "refuse" | "supplement";
    };
    responses: never;
    parameters: {
        /**
         * @description The business system's own number.
         * @example A3239239
         */
        BusinessNo: string;
        /** @description The `next` of the page before. */
        Cursor: string;
        /** @description A text of your own for this request. The same key with the same request gives the first answer again, for 24 hours; with another request 422 `key-reused`; while the first is being worked on 409 `key-in-use`. */
        IdempotencyKey: string;
        /** @description The `ETag` of the state that you read. If it has changed meanwhile the answer is 412 `changed-meanwhile`. */
        IfMatch: string;
        /** @description Items on a page. */
        Limit: number;
    };
    requestBodies: never;
    headers: {
        /** @description Names this state, for `If-Match`. */
        ETag: string;
        /** @description Where the new resource is. */
        Location: string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    list_callbacks: {
        parameters: {
            query?: {
                /** @description The `next` of the page before. */
                cursor?: components["parameters"]["Cursor"];
                /** @description Items on a page. */
                limit?: components["parameters"]["Limit"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CallbackPage"];
                };
            };
        };
    };
    retry_callback: {
        parameters: {
            query?: never;
            header?: {
                /** @description A text of your own for this request. The same key with the same request gives the first answer again, for 24 hours; with another request 422 `key-reused`; while the first is being worked on 409 `key-in-use`. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is due. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    show_interface: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Secrets are hinted at. The `ETag` names the state of the switches. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Interface"];
                };
            };
        };
    };
    list_calls: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CallPage"];
                };
            };
        };
    };
    reissue_credential: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Which one. */
                kind: components["schemas"]["CredentialKind"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The new secret. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        kind: components["schemas"]["CredentialKind"];
                        secret: string;
                    };
                };
            };
        };
    };
    list_keys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest first, all of them: there are at most a hundred. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyPage"];
                };
            };
        };
    };
    issue_key: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "core system"
                 *     }
                 */
                "application/json": {
                    /** @description What it is for. */
                    name: string;
                };
            };
        };
        responses: {
            /** @description The key, told here and nowhere else. */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: date-time */
                        created_at: string;
                        id: string;
                        name: string;
                        /** @description What stands behind `Bearer`. */
                        secret: string;
                    };
                };
            };
        };
    };
    revoke_key: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is refused from now on. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    set_switches: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of the state that you read. If it has changed meanwhile the answer is 412 `changed-meanwhile`. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "off": [
                 *         "crm"
                 *       ],
                 *       "meeting_origins": [
                 *         "https://meet.bank.example"
                 *       ],
                 *       "quota_bytes": 1099511627776
                 *     }
                 */
                "application/json": components["schemas"]["NewSwitches"];
            };
        };
        responses: {
            /** @description The interface as it is now. */
            200: {
                headers: {
                    ETag: components["headers"]["ETag"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Interface"];
                };
            };
        };
    };
    list_interviews: {
        parameters: {
            query?: {
                /**
                 * @description Of that order.
                 * @example A3239239
                 */
                business_no?: string;
                /** @description The `next` of the page before. */
                cursor?: components["parameters"]["Cursor"];
                /** @description Items on a page. */
                limit?: components["parameters"]["Limit"];
                /** @description In that state. */
                state?: components["schemas"]["InterviewState"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest first. A seat sees its own. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InterviewPage"];
                };
            };
        };
    };
    find_invitation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The last part of the link. */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As much as the customer may know before it joins. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Invitation"];
                };
            };
        };
    };
    find_live: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The last part of the watch page's address. */
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What is shown, and who can be watched now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Live"];
                };
            };
        };
    };
    describe_api: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OpenAPI 3.1. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    create_order: {
        parameters: {
            query?: never;
            header?: {
                /** @description A text of your own for this request. The same key with the same request gives the first answer again, for 24 hours; with another request 422 `key-reused`; while the first is being worked on 409 `key-in-use`. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "business_no": "A3239241",
                 *       "product_name": "华楼通",
                 *       "queue_id": "1001",
                 *       "customer": {
                 *         "name": "王五",
                 *         "id_type": "id_card",
                 *         "id_no": "999999199203040013",
                 *         "mobile": "10000000004"
                 *       },
                 *       "details": [
                 *         {
                 *           "label": "贷款金额",
                 *           "value": "50 万元"
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["NewOrder"];
            };
        };
        responses: {
            /** @description The order. */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
        };
    };
    find_order: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The business system's own number.
                 * @example A3239239
                 */
                business_no: components["parameters"]["BusinessNo"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The order. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
        };
    };
    create_invitation: {
        parameters: {
            query?: never;
            header?: {
                /** @description A text of your own for this request. The same key with the same request gives the first answer again, for 24 hours; with another request 422 `key-reused`; while the first is being worked on 409 `key-in-use`. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /**
                 * @description The business system's own number.
                 * @example A3239239
                 */
                business_no: components["parameters"]["BusinessNo"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "person": "borrower",
                 *       "expires_in_s": 86400
                 *     }
                 */
                "application/json": {
                    /** @description How long the link works. */
                    expires_in_s?: number | null;
                    /** @description A role, or a place among all people of the order with the customer as 0. */
                    person?: components["schemas"]["PersonRole"] | number | null;
                };
            };
        };
        responses: {
            /** @description The link. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvitationLink"];
                };
            };
        };
    };
    probe_download: {
        parameters: {
            query?: {
                /** @description So many. */
                bytes?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Random bytes. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": unknown;
                };
            };
        };
    };
    probe_upload: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description At most 2,000,000 bytes, which are forgotten. */
        requestBody?: {
            content: {
                "application/octet-stream": unknown;
            };
        };
        responses: {
            /** @description They have arrived. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    list_recordings: {
        parameters: {
            query?: {
                /**
                 * @description Of that order.
                 * @example A3239239
                 */
                business_no?: string;
                /** @description The `next` of the page before. */
                cursor?: components["parameters"]["Cursor"];
                /** @description Whose customer's name contains this. */
                customer?: string;
                /** @description Started then or later. */
                from?: string;
                /** @description Items on a page. */
                limit?: components["parameters"]["Limit"];
                /** @description Whose seat's name contains this. */
                seat?: string;
                /** @description Started before. */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest first. A seat sees its own. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecordingPage"];
                };
            };
        };
    };
    find_recording: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Its id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is now; it may still grow. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Recording"];
                };
            };
        };
    };
    list_rooms: {
        parameters: {
            query?: {
                /** @description The `next` of the page before. */
                cursor?: components["parameters"]["Cursor"];
                /** @description Items on a page. */
                limit?: components["parameters"]["Limit"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest first. PINs are told to those who own the rooms. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RoomPage"];
                };
            };
        };
    };
    create_room: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "客户经理例会",
                 *       "record_allowed": true,
                 *       "live_allowed": false,
                 *       "stays_open": false
                 *     }
                 */
                "application/json": components["schemas"]["NewRoom"];
            };
        };
        responses: {
            /** @description The room. A number or PIN that was not named is drawn. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Room"];
                };
            };
        };
    };
    find_room: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description What people dial. */
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The room. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Room"];
                };
            };
        };
    };
    change_room: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description What people dial. */
                number: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "客户经理例会",
                 *       "record_allowed": true,
                 *       "live_allowed": false,
                 *       "stays_open": false
                 *     }
                 */
                "application/json": components["schemas"]["NewRoom"];
            };
        };
        responses: {
            /** @description The room as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Room"];
                };
            };
        };
    };
    delete_room: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description What people dial. */
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is closed and gone; its recordings stay. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    join_room: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description What people dial. */
                number: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "pin": "200866",
                 *       "name": "张三",
                 *       "device": "0123456789abcdef0123456789abcdef"
                 *     }
                 */
                "application/json": {
                    /** @description 128 random bits of this browser tab. */
                    device: string;
                    /** @description What the others read. */
                    name: string;
                    pin: string;
                };
            };
        };
        responses: {
            /** @description The ticket that a page says `hello` with; it works on this device as long as the room is open. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        participant: string;
                        /** @enum {string} */
                        role: "host" | "guest";
                        ticket: string;
                    };
                };
            };
        };
    };
    start_live: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description What people dial. */
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description There is something to show. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Behind scheme and host; anybody who has it may watch. */
                        watch_path: string;
                    };
                };
            };
        };
    };
    end_live: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description What people dial. */
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The link is void. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    list_participants: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description What people dial. */
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them: a room holds sixteen. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ParticipantPage"];
                };
            };
        };
    };
    start_recording: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description What people dial. */
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The recorder runs. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        recording_id: string;
                    };
                };
            };
        };
    };
    stop_recording: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description What people dial. */
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The last fragment is on disk. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        recording_id: string;
                    };
                };
            };
        };
    };
    start_room: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description What people dial. */
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The room, open. One that was open stays as it is. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Room"];
                };
            };
        };
    };
    stop_room: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description What people dial. */
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The room, closed: everybody is parted, its recording and broadcast end. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Room"];
                };
            };
        };
    };
    find_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The user of the cookie. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
        };
    };
    log_in: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "login": "agent1",
                 *       "password": "mingjian-demo"
                 *     }
                 */
                "application/json": {
                    login: string;
                    /** Format: password */
                    password: string;
                };
            };
        };
        responses: {
            /** @description Who has logged in; the cookie is set. */
            200: {
                headers: {
                    "Set-Cookie"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
        };
    };
    log_out: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Logged out; the cookie is taken away. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
}
